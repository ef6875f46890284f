#!/usr/bin/env python3
"""What real readers make of the outputs: newsboat, sfeed, feedparser and rss2email poll them over several refreshes.

  poll.py target/debug/oncefeed

newsboat and sfeed are Debian packages; feedparser and rss2email come from PyPI and have to be importable, with `r2e`
beside this Python. A reader that is not there is named and left out, and then the end is not 0.

Every story has to come to every reader once, and none may be marked new again, whatever joins it and however it is
edited; where nothing has changed the answer is 304.
"""
import collections
import configparser
import contextlib
import email.header
import email.utils
import functools
import glob
import http.server
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(sys.executable))
DAY = 1795392000                                 # 2026-11-23T00:00:00Z

TEXTS = {
    "talks": "The delegates left the hall at dawn after eleven hours without agreeing on how much water each side may take "
             "from the river in dry years, and the mediator said that a single figure had kept them apart.",
    "ferry": "The oldest ferry on the lake made her last crossing on Sunday with four hundred passengers aboard, a brass "
             "band on the upper deck and the daughter of her first captain at the wheel for the final mile.",
    "library": "The town library opens its new reading room on Monday, two years later than planned, with space for nine "
               "hundred readers, a roof garden and a workshop where old books are mended in view of the public.",
    "orchard": "Growers along the southern valley began the apple harvest three weeks early because of a warm spring, and "
               "expect the largest crop since records began, though hail took a tenth of the fruit in the hills.",
    "bridge": "Engineers closed the iron bridge to lorries on Thursday when a routine inspection found hairline cracks in "
              "two of its bearings, and traffic is led over the dam until new ones have been cast and fitted.",
}
HEADLINES = {"talks": "River talks end without a deal", "ferry": "Old ferry makes her last crossing",
             "library": "Library opens its new reading room", "orchard": "Apple harvest begins three weeks early",
             "bridge": "Iron bridge closed to lorries after cracks are found"}


class Outlet:
    """A source: a file in RSS."""

    def __init__(self, folder, name):
        self.path, self.name, self.items = os.path.join(folder, f"{name}.rss"), name, {}

    def tell(self, story, hour, text=None, title=None):
        self.items[story] = (title or HEADLINES[story], text or TEXTS[story], hour)
        self.write()

    def write(self):
        items = "".join(
            f'<item><guid isPermaLink="false">{story}</guid><title>{title}</title>'
            f"<link>https://{self.name}.example/{story}</link><description>{text}</description>"
            f"<pubDate>{email.utils.formatdate(DAY + hour * 3600)}</pubDate></item>\n"
            for story, (title, text, hour) in self.items.items())
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(f'<rss version="2.0"><channel><title>The {self.name}</title><link>https://{self.name}.example/</link>'
                       f"<description>d</description>\n{items}</channel></rss>\n")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files, with Last-Modified and 304 as any web server."""

    seen = collections.Counter()

    def log_message(self, *_):
        pass

    def log_request(self, code="-", size="-"):
        agent = self.headers.get("User-Agent", "?").split("/")[0].split(" ")[0].lower()
        Handler.seen[agent, int(code)] += 1


class World:
    """The program, its folder, and a web server of what it publishes."""

    def __init__(self, program, folder, outputs, site=""):
        self.program, self.folder = os.path.abspath(program), folder
        self.outlets = {name: Outlet(folder, name) for name in ("harbour", "metro", "ledger")}
        sources = "".join(f'[[source]]\nid = "{name}"\nurl = "file:{name}.rss"\ngroups = ["{name}"]\n' for name in self.outlets)
        with open(os.path.join(folder, "oncefeed.toml"), "w", encoding="utf-8") as file:
            file.write(f'[site]\nbase_url = "https://news.example/"\n{site}\n{sources}{outputs}')
        for outlet in self.outlets.values():
            outlet.write()
        os.makedirs(os.path.join(folder, "public"), exist_ok=True)
        handler = functools.partial(Handler, directory=os.path.join(folder, "public"))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, name):
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def refresh(self, hour):
        time.sleep(1.1)                          # Last-Modified has whole seconds
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(DAY + hour * 3600))
        subprocess.run([self.program, "--config", "oncefeed.toml", "--now", now, "refresh"], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)


# ---------------------------------------------------------------------------------------------- readers
class Newsboat:
    """Its cache tells what it takes for new: everything is marked as read after each poll."""

    def __init__(self, folder, urls):
        self.folder = os.path.join(folder, "newsboat")
        os.makedirs(self.folder)
        with open(os.path.join(self.folder, "urls"), "w", encoding="utf-8") as file:
            file.write("\n".join(urls) + "\n")
        open(os.path.join(self.folder, "config"), "w", encoding="utf-8").close()

    def poll(self):
        path = functools.partial(os.path.join, self.folder)
        subprocess.run(["newsboat", "-u", path("urls"), "-c", path("cache.db"), "-C", path("config"), "-x", "reload"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.closing(sqlite3.connect(path("cache.db"))) as cache, cache:
            new = [title for title, in cache.execute("select title from rss_item where unread = 1 and deleted = 0")]
            cache.execute("update rss_item set unread = 0")
        return new


class Sfeed:
    """It appends what it takes for new to a file for each feed."""

    def __init__(self, folder, urls):
        self.folder = os.path.join(folder, "sfeed")
        os.makedirs(self.folder)
        feeds = "\n".join(f"  feed 'feed{n}' '{url}'" for n, url in enumerate(urls))
        with open(os.path.join(self.folder, "rc"), "w", encoding="utf-8") as file:
            file.write(f"sfeedpath='{self.folder}/feeds'\nfeeds() {{\n{feeds}\n}}\n")
        self.lines = set()

    def poll(self):
        subprocess.run(["sfeed_update", "rc"], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        new = []
        for path in sorted(glob.glob(os.path.join(self.folder, "feeds", "*"))):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    fields = line.rstrip("\n").split("\t")
                    key = (path, fields[5] or fields[2])
                    if key not in self.lines:
                        self.lines.add(key)
                        new.append(fields[1])
        return new


class Feedparser:
    """A client that keeps ids, and asks conditionally."""

    def __init__(self, _, urls):
        import feedparser
        self.parse, self.urls, self.known, self.state = feedparser.parse, urls, set(), {}

    def poll(self):
        new = []
        for url in self.urls:
            etag, modified = self.state.get(url, (None, None))
            read = self.parse(url, etag=etag, modified=modified)
            if read.get("status") != 304:
                assert not read.bozo, (url, read.bozo_exception)
                self.state[url] = (read.get("etag"), read.get("modified"))
            for entry in read.entries:
                if (url, entry.id) not in self.known:
                    self.known.add((url, entry.id))
                    new.append(entry.title)
        return new


class Rss2email:
    """It writes a mail for whatever it takes for new."""

    def __init__(self, folder, urls):
        self.folder, self.read = os.path.join(folder, "r2e"), set()
        os.makedirs(self.folder)
        self.run("new", "me@news.example")
        os.makedirs(os.path.join(self.folder, "mail", "INBOX", "new"))
        for part in ("cur", "tmp"):
            os.makedirs(os.path.join(self.folder, "mail", "INBOX", part))
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(os.path.join(self.folder, "r2e.cfg"))
        settings["DEFAULT"].update({"email-protocol": "maildir", "maildir-path": os.path.join(self.folder, "mail"),
                                "maildir-mailbox": "INBOX", "verbose": "warning"})
        with open(os.path.join(self.folder, "r2e.cfg"), "w", encoding="utf-8") as file:
            settings.write(file)
        for n, url in enumerate(urls):
            self.run("add", f"feed{n}", url)

    def run(self, *arguments):
        environment = {**os.environ, "HOME": self.folder}
        subprocess.run([os.path.join(HERE, "r2e"), "-c", f"{self.folder}/r2e.cfg", "-d", f"{self.folder}/r2e.json", *arguments],
                       check=True, env=environment, stdout=subprocess.DEVNULL)

    def poll(self):
        self.run("run")
        new = []
        for path in sorted(glob.glob(os.path.join(self.folder, "mail", "**", "*.*"), recursive=True)):
            if os.path.isfile(path) and os.path.basename(path) not in self.read:
                self.read.add(os.path.basename(path))
                with open(path, encoding="utf-8", errors="replace") as file:
                    message = email.message_from_file(file)
                new.append(str(email.header.make_header(email.header.decode_header(message["Subject"]))))
        return new


READERS = {"newsboat": Newsboat, "sfeed": Sfeed, "feedparser": Feedparser, "rss2email": Rss2email}


def installed():
    names = [name for name, tool in (("newsboat", "newsboat"), ("sfeed", "sfeed_update")) if shutil.which(tool)]
    with contextlib.suppress(ImportError):
        import feedparser  # noqa: F401
        names.append("feedparser")
    return names + (["rss2email"] if os.path.exists(os.path.join(HERE, "r2e")) else [])


# ---------------------------------------------------------------------------------------------- what is played
def growing(world):
    """Three refreshes with growing coverage, an edit and a correction, then one without news; yields what is new."""
    harbour, metro, ledger = world.outlets.values()
    harbour.tell("talks", 8)
    harbour.tell("ferry", 9)
    metro.tell("library", 10)
    world.refresh(12)
    yield {"talks", "ferry", "library"}
    metro.tell("talks", 12)
    metro.tell("orchard", 13)
    world.refresh(15)
    yield {"orchard"}
    harbour.tell("ferry", 9, text=TEXTS["ferry"].replace("four hundred", "420"))
    harbour.tell("talks", 8, text="Correction: an earlier version of this report gave a wrong length for the talks. "
                 + TEXTS["talks"].replace("eleven", "twelve"))
    ledger.tell("talks", 14)
    ledger.tell("bridge", 16)
    world.refresh(18)
    yield {"bridge"}
    world.refresh(21)
    yield set()


def play(program, names, endings, outputs, watched, site=""):
    """Plays it before all readers; gives what was wrong."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        world = World(program, folder, outputs, site)
        readers = {}
        Handler.seen.clear()
        for refresh, expected in enumerate(growing(world), 1):
            for name in names:
                for ending in endings:
                    home = os.path.join(folder, f"{name}-{ending}")
                    if (name, ending) not in readers:
                        os.makedirs(home, exist_ok=True)
                        readers[name, ending] = READERS[name](home, [world.url(f"{output}.{ending}") for output in watched])
                    got = sorted(readers[name, ending].poll())
                    wanted = sorted(HEADLINES[story] for story in expected)
                    if got != wanted:
                        problems.append(f"{name} .{ending}, refresh {refresh}: new are {got}, expected {wanted}")
        print(f"  {', '.join(watched)} in {', '.join(endings)}: answers by reader and status: "
              f"{dict(sorted(((agent, code), n) for (agent, code), n in Handler.seen.items()))}")
        for agent in ("newsboat", "feedparser"):
            if any(agent in name for name in names) and not any(agent in seen and code == 304 for seen, code in Handler.seen):
                problems.append(f"{agent} never got a 304")
        world.server.shutdown()
    return problems


def daily(program):
    """Refreshed every hour with three new stories each, polled once a day, with room for five: nothing slips through."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(program, folder, '[[output]]\nid = "all"\nlimit = 5\nkeep = "48h"\n')
        reader, told, got = Feedparser(folder, [world.url("all.rss")]), 0, []
        harbour = world.outlets["harbour"]
        for hour in range(1, 73):
            for n in range(3):
                words = " ".join(f"w{(hour * 97 + n * 31 + at * at) % 9973}x{at}" for at in range(40))
                harbour.items = dict(list(harbour.items.items())[-8:])
                harbour.items[f"s{hour}-{n}"] = (f"Story {words[:60]}", words, hour)
                told += 1
            harbour.write()
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(DAY + hour * 3600))
            subprocess.run([world.program, "--config", "oncefeed.toml", "--now", now, "refresh"], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL)
            if hour % 24 == 0:
                time.sleep(1.1)
                got += reader.poll()
        world.server.shutdown()
    print(f"  polled once a day: {len(got)} of {told} stories, {len(set(got))} different")
    return [] if len(got) == len(set(got)) == told else [f"a daily poll got {len(got)} of {told} stories"]


def main():
    program, names, problems = sys.argv[1], installed(), []
    missing = [name for name in READERS if name not in names]
    print(f"readers: {', '.join(names)}{'; missing: ' + ', '.join(missing) if missing else ''}")
    one = '[[output]]\nid = "all"\n'
    several = one.replace("all", "harbour") + 'groups = ["harbour"]\n' + one.replace("all", "metro") + \
        'groups = ["metro", "ledger"]\n' + one
    problems += play(program, names, ["rss", "atom"], one, ["all"])
    problems += play(program, names, ["rss", "atom"], several, ["harbour", "metro", "all"], site='once = "site"')
    if "feedparser" in names:
        problems += daily(program)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems with {len(names)} readers")
    sys.exit(0 if not problems and not missing else 1)


if __name__ == "__main__":
    main()
