# docker build -t bulletin .
# docker run --rm -v "$PWD/output:/data/output" -v "$PWD/feeds:/data/feeds" --user "$(id -u)" bulletin make demo
# docker run -d --restart=always (the same folders and user) -p 127.0.0.1:8035:8035 bulletin
FROM python:3.13-slim

RUN useradd --create-home --uid 10001 bulletin \
    && mkdir -p /data/output /data/feeds \
    && chown -R bulletin /data

COPY . /src
RUN pip install --no-cache-dir "/src[english]" && rm -rf /src

ENV HOME=/tmp
USER bulletin
WORKDIR /data
VOLUME /data/output
EXPOSE 8035
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8036/healthz', timeout=4)"]
ENTRYPOINT ["bulletin"]
CMD ["serve", "--listen", ":8035"]
