# rig - the parts of tests/bench/run
