//! An unfriendly Meta on your own machine: the same token endpoints, a settable clock, faults on demand.
