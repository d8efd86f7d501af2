# configs/local.mk - every file in configs/ is installed and distributed; nothing has to be listed.
