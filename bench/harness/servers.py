"""The servers of the programs: nginx with fixed answers, servers with latency,
certificates, and the pages of a listing. All files are in one scratch folder."""

import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile
import time

ZEROS = "00000000-0000-0000-0000-000000000000"
SYSTEM = "/etc/ssl/certs"
ROWS, BODIES = 1000, 100
TOTALS = (1_000, 10_000, 50_000, 100_000, 1_000_000)

# The update that every program sends.
FIELDS = {"name": "ecephys_618773_2022-10-03_13-04-03",
          "description": "Neuropixels recording, mouse 618773, rig 3",
          "tags": ["ecephys", "618773", "raw", "qc-passed"],
          "mount": "ecephys_618773"}
REST = {"created": 1633277005, "files": 1432, "last_used": 1669939200,
        "size": 7184869799, "state": "ready", "type": "dataset",
        "source_bucket": {"origin": "aws", "bucket": "aind-open-data",
                          "prefix": "ecephys_618773", "external": True}}

NGINX = """\
user root; daemon off; master_process off; pid {folder}/nginx.pid;
error_log {folder}/error.log; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type application/json; open_file_cache max=4096;
  keepalive_requests 1000000000; keepalive_timeout 1h; keepalive_time 24h;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{ports[0]}; listen 127.0.0.1:{ports[1]} ssl;
    listen 127.0.0.1:{ports[2]} ssl http2;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    location ~ "^/api/v1/data_assets/(?<id>[0-9a-f-]{{36}})$" {{
      return 200 '{answer}';
    }}
    location = /api/v1/data_assets {{
      root {folder}/pages; try_files /$arg_query/$arg_start =404;
    }}
  }}
}}
"""

NEW = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
CERTIFICATES = (
    NEW + "-x509 -days 30 -subj /CN=bench-ca -out ca.pem -keyout ca.key",
    NEW + "-subj /CN=127.0.0.1 -out server.csr -keyout server.key",
    "printf subjectAltName=IP:127.0.0.1 > names",
    "openssl x509 -req -days 30 -in server.csr -CA ca.pem -CAkey ca.key "
    "-CAcreateserial -extfile names -out server.pem",
    f"cp -a {SYSTEM} trusted",
    "cp ca.pem trusted/$(openssl x509 -hash -noout -in ca.pem).0",
    f"cat {SYSTEM}/ca-certificates.crt ca.pem > bundle.pem",
    "cp bundle.pem trusted/ca-certificates.crt",
)


def text_of(asset):
    return json.dumps(asset, separators=(",", ":"))


def asset(id, **changes):
    return {"id": id, **FIELDS, **REST, **changes}


def scratch():
    """A folder in memory if there is room for the pages."""
    memory = pathlib.Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 200e6
    return pathlib.Path(tempfile.mkdtemp(prefix="colua-bench-",
                                         dir=memory if roomy else None))


def make_certificates(folder):
    for line in CERTIFICATES:
        subprocess.run(line, shell=True, cwd=folder, check=True,
                       stderr=subprocess.DEVNULL)


def page(body, dice):
    rows = []
    for row in range(ROWS):
        id = f"{dice.getrandbits(32):08x}-{body:04x}-4000-8000-{row:012x}"
        rows.append(asset(id, name=f"{FIELDS['name']}_{body:02d}{row:03d}",
                          size=dice.getrandbits(40)))
    return rows


def make_pages(folder, bodies=BODIES, totals=TOTALS):
    """A listing of a million is a hundred pages over and over: what a client
    compares with a page is the one before."""
    dice = random.Random(8)
    (folder / "bodies").mkdir()
    for body in range(bodies):
        text = text_of({"has_more": True, "results": page(body, dice),
                        "total": 1_000_000})
        (folder / "bodies" / f"{body}").write_text(text)
        (folder / "bodies" / f"{body}.last").write_text(
            text.replace('"has_more":true', '"has_more":false', 1))
    for total in totals:
        make_listing(folder / "pages" / str(total), folder / "bodies", total)


def make_listing(folder, bodies, total):
    folder.mkdir(parents=True)
    for start in range(0, total, ROWS):
        last = ".last" if start + ROWS == total else ""
        name = f"{start // ROWS % BODIES}{last}"
        (folder / str(start)).symlink_to(bodies / name)


def make_answers(folder):
    (folder / "body.json").write_text(text_of(FIELDS))
    (folder / "get.json").write_text(text_of(asset(ZEROS, tags=["ecephys"])))
    (folder / "put.json").write_text(text_of(asset(ZEROS)))


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def await_port(port, process):
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.01)
    raise SystemExit("bench: nginx does not start")


class Servers:
    """nginx and one slow server for each latency, until stop()."""

    def __init__(self, folder, tools):
        self.folder, self.tools, self.running = folder, tools, []
        self.ports = free_ports(3)

    def start_nginx(self):
        conf = self.folder / "nginx.conf"
        conf.write_text(NGINX.format(folder=self.folder, ports=self.ports,
                                     answer=text_of(asset("$id"))))
        path = os.environ["PATH"] + ":/usr/sbin"
        self.nginx = subprocess.Popen(
            ["nginx", "-c", str(conf)],
            env={**os.environ, "PATH": path})
        self.running.append(self.nginx)
        await_port(self.ports[0], self.nginx)

    def start_slow(self, milliseconds):
        process = subprocess.Popen(
            [f"{self.tools}/slow", str(milliseconds),
             f"{self.folder}/get.json", f"{self.folder}/put.json"],
            stdout=subprocess.PIPE, text=True)
        self.running.append(process)
        return f"http://127.0.0.1:{process.stdout.readline().strip()}"

    def places(self):
        plain, tls, h2 = self.ports
        return {"plain": f"http://127.0.0.1:{plain}",
                "tls": f"https://127.0.0.1:{tls}",
                "h2": f"https://127.0.0.1:{h2}"}

    def stay_on(self, cpus):
        os.sched_setaffinity(self.nginx.pid, cpus)

    def stop(self):
        for process in self.running:
            process.terminate()
            process.wait()
