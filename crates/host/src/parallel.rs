//! Work on many things at once.

use std::num::NonZero;
use std::thread;

/// The results of `work` on each item, in their order, with all processors. Few items are not worth a second thread.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const LEAST_EACH: usize = 50;
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    in_parts(items, items.len().div_ceil(processors).max(LEAST_EACH), work)
}

/// The same for work that waits for others most of the time: on this many threads.
pub fn on_threads<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    in_parts(items, items.len().div_ceil(threads.max(1)).max(1), work)
}

fn in_parts<T: Sync, R: Send>(items: &[T], each: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() <= each {
        return items.iter().map(work).collect();
    }
    thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> =
            items.chunks(each).map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>())).collect();
        let results =
            parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        results.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 50, 51, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let expected: Vec<_> = items.iter().map(|item| item * 2).collect();
            assert_eq!(in_parallel(&items, |item| item * 2), expected);
            assert_eq!(on_threads(&items, 8, |item| item * 2), expected);
        }
    }
}
