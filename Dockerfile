# everlit and nothing else: the program is static and brings Mozilla's TLS roots with it.
#
#   docker build -t everlit .
#   docker run --user "$(id -u):$(id -g)" -v "$PWD:/site" everlit status
#
# Mount the folder that holds your .env.local at /site (a single file works too; see docs/install.md).

# On Alpine, Rust links against musl, and statically.
FROM docker.io/library/rust:1.95-alpine AS build
WORKDIR /source
COPY . .
# With the driver for MySQL, which the other releases leave out for its size.
RUN cargo build --locked --release -p everlit --features everlit-target/mysql \
 && mkdir -p /image/usr/local/bin /image/site /image/tmp \
 && cp target/release/everlit /image/usr/local/bin/everlit \
 # Whoever the container runs as puts locks and metadata here when only the env file is mounted.
 # Without an env file, the token of a run is in /tmp while it runs.
 && chmod 1777 /image/site /image/tmp

FROM scratch
LABEL org.opencontainers.image.source="https://github.com/everlit/everlit" \
      org.opencontainers.image.description="Keeps Instagram, Facebook and Threads access tokens from ever expiring." \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /image /
USER 65532:65532
WORKDIR /site
ENTRYPOINT ["/usr/local/bin/everlit"]
CMD ["refresh", "--watch"]
# Reads two small files and asks nobody. Unhealthy: a token needs a person, or nothing has refreshed it for too long.
HEALTHCHECK --interval=5m --timeout=10s CMD ["/usr/local/bin/everlit", "status", "--check"]
