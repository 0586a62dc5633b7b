# One bulletin on demand:  docker run --rm -v "$PWD/output:/data/output" bulletin make demo
FROM python:3.13-slim

RUN useradd --create-home --uid 10001 bulletin \
    && mkdir -p /data/output /data/feeds \
    && chown -R bulletin /data

COPY . /src
RUN pip install --no-cache-dir /src && rm -rf /src

USER bulletin
WORKDIR /data
VOLUME /data/output
ENTRYPOINT ["bulletin"]
CMD ["make", "demo"]
