# The product in an image: `docker build -t claimflow .`
# The first stage installs packages, each checked against its hash, and gives static files their hashed names.
# The second holds only what runs, owned by root and run by an account that may write nowhere but /tmp.
# Settings come from the environment (.env.example); migrations are run apart, with the migrator's login.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /app
COPY requirements.txt requirements-remote.txt ./
# --build-arg EXTRA=requirements-remote.txt brings the packages that ask a remote model (docs/remote-model.md).
ARG EXTRA=""
# The client's card puts pytest-django into requirements.txt (docs/adr/0021); an image has no use for it.
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt ${EXTRA:+-r $EXTRA} \
    && /opt/venv/bin/pip uninstall --yes pytest-django pytest pluggy iniconfig pygments
COPY . .
# The key is needed to load the settings and goes into no file.
RUN CLAIMFLOW_ENV=production SECRET_KEY=only-while-collecting-static-files \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN groupadd --system --gid 10001 claimflow \
    && useradd --system --uid 10001 --gid claimflow --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin claimflow
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER claimflow
EXPOSE 8000
# The worker is the same image with: python manage.py run_worker
CMD ["gunicorn", "claimflow.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
