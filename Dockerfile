# syntax=docker/dockerfile:1
# Build: docker build -t vocab-server .      Run: docker compose up (see docs/installation.md)
FROM python:3.11-slim AS build
WORKDIR /source
RUN python -m venv /opt/vocab-server
COPY . .
RUN /opt/vocab-server/bin/pip install --no-cache-dir .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin vocab-server \
    && install --directory --owner=vocab-server --mode=0700 /data
COPY --from=build /opt/vocab-server /opt/vocab-server
ENV PATH=/opt/vocab-server/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VOCAB_SERVER_DATA=/data \
    VOCAB_SERVER_LOG_FORMAT=json
USER vocab-server
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["vocab-server", "serve", "--host", "0.0.0.0", "--port", "8000"]
