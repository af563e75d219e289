# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures plugrb beside other programs.  See README.md."""

import argparse
import os
import pathlib
import sys
import time

import gate
import goals
import peers
import product
import report
import trees
from measure import Bench, Session
from volume import Volume

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def parse():
    parser = argparse.ArgumentParser(prog="./bootstrap bench", description="Measures plugrb beside other programs.",
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="steps:\n" + "\n".join(f"  {k:15} {v}" for k, v in goals.STEPS.items()))
    parser.add_argument("--quick", action="store_true", help="three rounds on S and M")
    parser.add_argument("--corpora", metavar='"S M L B"', help="the trees to work on (default: all)")
    parser.add_argument("--rounds", type=int, help="how often each step is measured (default: 5)")
    parser.add_argument("--without", default="", metavar="PEER,...", help="leave these out")
    parser.add_argument("--gate", action="store_true", help="only the regression gate of the test suite, on M")
    parser.add_argument("--build", default=str(SOURCE / "_build" / "bench"), help=argparse.SUPPRESS)
    parser.add_argument("steps", nargs="*", metavar="STEP", help="only these steps")
    options = parser.parse_args()
    unknown = [step for step in options.steps if step not in goals.STEPS]
    if unknown:
        parser.error(f"there is no step {unknown[0]}")
    options.corpora = options.corpora.split() if options.corpora else ["S", "M"] if options.quick else list("SMLB")
    options.rounds = options.rounds or (3 if options.quick else 5)
    return options


def corpora_folder():
    return os.environ.get("PLUGRB_BENCH_CORPORA", str(SOURCE / "_build" / "corpora"))


# ---- one round

def fresh(bench, tree):
    bench.session.stop_bus()
    bench.volume.fresh(tree.corpus)
    return bench.volume.extensions / tree.uuid


def work(bench, tool, function, tree):
    bench.tool = tool
    started = time.monotonic()
    function(bench, fresh(bench, tree), tree)
    bench.session.stop_bus()
    say(f"corpus {bench.corpus}, round {bench.round}: {tool}, {time.monotonic() - started:.0f} s")


def jobs_of(corpus, wanted, others):
    """What has to run for the wanted steps."""
    parts = product.WITHOUT_CORPUS if corpus == "-" else product.PARTS
    jobs = [("plugrb", function) for function, steps in parts if wanted.intersection(steps)]
    for name in others:
        function, steps = peers.PEERS[name]
        here = [step for step in steps if (step in goals.WITHOUT_CORPUS) == (corpus == "-")]
        if wanted.intersection(here):
            jobs.append((name, function))
    return jobs


def round_of(bench, corpus, number, others):
    """Every tool once; each round begins with another, so that none always has the quiet moment."""
    # What needs no corpus still needs a plugin: the smallest will do.
    tree = trees.Trees(corpora_folder(), "S" if corpus == "-" else corpus)
    bench.corpus, bench.round = corpus, number
    jobs = jobs_of(corpus, bench.wanted, others)
    turn = number % len(jobs) if jobs else 0
    for tool, function in jobs[turn:] + jobs[:turn]:
        work(bench, tool, function, tree)


def about(corpora):
    said = {}
    for corpus in corpora:
        tree = trees.Trees(corpora_folder(), corpus)
        entries, folders = trees.count(tree.v1)
        said[corpus] = (f"Corpus {corpus}: {entries - folders:,} files in {folders:,} folders, "
                        f"{trees.size(tree.v1) / 1e6:,.1f} MB")
    said["-"] = "Whatever the corpus"
    return said


def measure(bench, options):
    missing = peers.missing()
    others = [name for name in peers.PEERS if name not in options.without.split(",") and name not in missing]
    for name in missing:
        bench.faults.append(f"{name} is not here")
    for number in range(1, options.rounds + 1):
        for corpus in options.corpora + ["-"]:
            round_of(bench, corpus, number, others)


def full(bench, options):
    results = SOURCE / "_build" / "bench-results"
    results.mkdir(parents=True, exist_ok=True)
    name = results / time.strftime("%Y%m%d-%H%M%S")
    say(f"working on {bench.volume.say()}")
    try:
        measure(bench, options)
    finally:
        text = f"{report.write(bench.samples, about(options.corpora))}\n\nMeasured on {bench.volume.say()}.\n"
        for fault in bench.faults:
            text += f"FAULT: {fault}\n"
        bench.write_csv(f"{name}.csv")
        pathlib.Path(f"{name}.md").write_text(text, encoding="utf-8")
        print(text)
        say(f"{name}.csv and .md")
    return not bench.faults


def stop_without_corpora(options):
    needed = ["S", "M"] if options.gate else options.corpora + ["S"]
    lacking = [corpus for corpus in needed if not trees.are_there(corpora_folder(), corpus)]
    if not lacking:
        return
    text = f"corpus {lacking[0]} is not in {corpora_folder()}: tests/bench/fetch-corpora.sh makes it"
    if not options.gate or os.environ.get("CI") == "true":
        sys.exit(f"bench: {text}")
    print(f"1..0 # SKIP {text}")
    sys.exit(0)


def main():
    options = parse()
    stop_without_corpora(options)
    volume = Volume()
    bench = Bench(volume, Session(volume, SOURCE, options.build), set(options.steps or goals.STEPS), say)
    try:
        if options.gate:
            good = gate.run(bench, corpora_folder(), round_of, fresh)
        else:
            good = full(bench, options)
    finally:
        bench.session.stop_bus()
        volume.remove()
    sys.exit(0 if good else 1)


main()
