# docker build -t bulletin .
# docker run --rm --user "$(id -u)" -v "$PWD/output:/data/output" -v "$PWD/feeds:/data/feeds" bulletin make demo
FROM python:3.13-slim

RUN useradd --create-home --uid 10001 bulletin \
    && mkdir -p /data/output /data/feeds \
    && chown -R bulletin /data

COPY . /src
RUN pip install --no-cache-dir /src && rm -rf /src

ENV HOME=/tmp
USER bulletin
WORKDIR /data
VOLUME /data/output
ENTRYPOINT ["bulletin"]
CMD ["make", "demo"]
