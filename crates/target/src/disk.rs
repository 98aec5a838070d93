//! Work on disks: on a thread of its own, and what its errors mean.

use std::io;

use everlit_keeper::{DeliveryError, DeliveryErrorClass};

/// An error of the disk: a full one passes by itself, a missing folder or permission does not.
pub(crate) fn of_disk(kind: Option<io::ErrorKind>, message: String) -> DeliveryError {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem};
    let lasts = matches!(kind, Some(IsADirectory | NotADirectory | NotFound | PermissionDenied | ReadOnlyFilesystem));
    let class = if lasts { DeliveryErrorClass::NotFound } else { DeliveryErrorClass::Retry };
    DeliveryError { io: kind, ..DeliveryError::new(class, message) }
}

/// Work on a disk that may hang, on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeliveryError> + Send + 'static,
) -> Result<T, DeliveryError> {
    let panicked = |_| Err(DeliveryError::new(DeliveryErrorClass::Bug, "everlit failed while it delivered the token"));
    tokio::task::spawn_blocking(work).await.unwrap_or_else(panicked)
}
