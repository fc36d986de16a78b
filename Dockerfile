# The bot alone: no test tools, no sandbox, no secrets. Settings come from the environment, see docs/operations.md.
# The newest digest: docker buildx imagetools inspect python:3.11-slim
FROM python:3.11-slim@sha256:9c900dea9e8fb7e16277c179b555cc72d29a352dbc33cff48ad5a0412fd5bfc7 AS build
WORKDIR /src
COPY requirements-build.txt requirements-run.txt pyproject.toml README.md LICENSE ./
COPY bot bot
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# The versions that the tests ran with, by their hashes, for what the bot needs and for what builds it.
RUN pip install --require-hashes -r requirements-build.txt \
    && pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .
RUN python -m venv /opt/campaign-bot \
    && /opt/campaign-bot/bin/pip install --require-hashes -r requirements-run.txt \
    && /opt/campaign-bot/bin/pip install --no-deps --no-index /wheels/*.whl

FROM python:3.11-slim@sha256:9c900dea9e8fb7e16277c179b555cc72d29a352dbc33cff48ad5a0412fd5bfc7
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin campaign-bot \
    && install -d -o campaign-bot -g campaign-bot -m 0700 /data
# PICTURES=yes adds the browser that makes pictures of e-mails: see docs/picture.md for what it needs to run.
ARG PICTURES=no
RUN case "$PICTURES" in \
    yes) apt-get update \
        && apt-get install -y --no-install-recommends chromium-headless-shell fonts-liberation fonts-noto-color-emoji \
        && rm -rf /var/lib/apt/lists/* ;; \
    no) ;; \
    *) echo "PICTURES is $PICTURES. It takes yes or no." >&2; exit 1 ;; \
    esac
COPY --from=build /opt/campaign-bot /opt/campaign-bot
ENV PATH=/opt/campaign-bot/bin:$PATH PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/campaign-bot.db HEALTH_PORT=8080 BIND=0.0.0.0 LOG_FORMAT=json
USER campaign-bot
WORKDIR /data
VOLUME /data
EXPOSE 3000 8080
# Alive, not ready: a bot that waits for Slack or its database is right to wait.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"HEALTH_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["campaign-bot"]
CMD ["run"]
