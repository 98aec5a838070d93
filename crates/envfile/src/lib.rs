//! Edit one value of a .env file; every other byte stays as it was.
