# Predictable with the runtimes and the environments of chosen converters inside: it converts where there is no network.
#
#   docker build --build-arg CONVERTERS="sklearn lightgbm" --tag predictable .
#   docker run --rm --init --network none --user "$(id -u):$(id -g)" --volume "$PWD:/work" predictable convert models -o out
#
# What it RUNs is scripts/image.sh, which works without Docker as well: docs/image.md.

ARG CONVERTERS="sklearn lightgbm"
# Environments beside each converter's first, for files of older versions: "scikit-learn 1.5,scikit-learn 1.2".
ARG ENVIRONMENTS=""

FROM node:20.20.2-bookworm-slim AS base

FROM base AS build
ARG CONVERTERS
ARG ENVIRONMENTS
WORKDIR /source
COPY scripts/image.sh scripts/
RUN scripts/image.sh system build "$CONVERTERS"
COPY . .
# Settings of a company's own registries are there for the step and in no layer: --secret id=npmrc,src=$HOME/.npmrc
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca.pem \
    scripts/image.sh program /opt/predictable
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=npmrc,target=/root/.npmrc \
    --mount=type=secret,id=ca.pem \
    scripts/image.sh environments /opt/predictable "$CONVERTERS" "$ENVIRONMENTS"

FROM base
LABEL org.opencontainers.image.title="predictable" org.opencontainers.image.licenses="MIT"
ARG CONVERTERS
ARG ENVIRONMENTS
COPY scripts/image.sh /opt/steps/scripts/
RUN /opt/steps/scripts/image.sh system run "$CONVERTERS"
COPY --from=build /opt/predictable /opt/predictable
ENV PATH=/opt/predictable/bin:$PATH PREDICTABLE_CACHE=/opt/predictable/cache
# "node" of the base image, by number: what runs it can see that it is not root.
USER 1000:1000
RUN /opt/steps/scripts/image.sh check /opt/predictable "$CONVERTERS" "$ENVIRONMENTS"
WORKDIR /work
ENTRYPOINT ["predictable"]
CMD ["--help"]
