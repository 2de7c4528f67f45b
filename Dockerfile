# One Node for building, for installing and for running. A release gives both images by digest (docs/releasing.md):
#   docker build --build-arg NODE_IMAGE=node@sha256:… --build-arg BASE_IMAGE=gcr.io/distroless/cc-debian12@sha256:… .
ARG NODE_IMAGE=node:24-bookworm-slim
# C libraries, certificates, time zones and a user. No shell, no package manager.
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund
COPY console/package.json console/package-lock.json console/
RUN npm ci --prefix console --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY console console
# The program and its web page.
RUN npm run build
# What the final image cannot make for itself: a folder of its own user.
RUN mkdir state

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Pointsman" \
      org.opencontainers.image.description="Moves a live fleet of TCP devices from a legacy transport to a new one, and goes back by itself when it got worse" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://pointsman.example/source" \
      org.opencontainers.image.documentation="https://pointsman.example/docs/deployment.md"
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build --chown=65532:65532 /app/state /var/lib/pointsman
COPY package.json LICENSE ./
ENV NODE_ENV=production POINTSMAN_STATE_DIR=/var/lib/pointsman
USER 65532:65532
EXPOSE 8080 9400 23779
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.POINTSMAN_HTTP_PORT ?? 8080}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
