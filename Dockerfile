# docker build -t bulletin .
# docker run --rm -v "$PWD/output:/data/output" -v "$PWD/feeds:/data/feeds" --user "$(id -u)" bulletin make demo
# docker run -d --restart=always (the same folders and user) -p 127.0.0.1:8035:8035 bulletin
#
# The tag names a minor version of Python and a release of Debian, and moves with their security fixes.
# For the same base image at each build, pin its digest: `docker buildx imagetools inspect python:3.13-slim-trixie`
# prints it (Digest: sha256:...); write FROM python:3.13-slim-trixie@sha256:... and renew it with the fixes.
FROM python:3.13-slim-trixie

RUN useradd --create-home --uid 10001 bulletin \
    && mkdir -p /data/output /data/feeds \
    && chown -R bulletin /data

# every dependency and extra, in the versions and with the hashes of the lock file (.ci/lock writes it)
COPY requirements.txt /src/
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r /src/requirements.txt
COPY . /src
RUN pip install --no-cache-dir --no-deps --no-build-isolation /src && rm -rf /src

# messages name this image as the thing to build anew
ENV HOME=/tmp BULLETIN_IMAGE=bulletin
USER bulletin
WORKDIR /data
VOLUME /data/output
EXPOSE 8035
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8036/healthz', timeout=4)"]
ENTRYPOINT ["bulletin"]
CMD ["serve", "--listen", ":8035"]
