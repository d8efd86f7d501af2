/* world_posix.h - the files and sockets of the machine, for world.c. */
#ifndef BASE_WORLD_POSIX_H
#define BASE_WORLD_POSIX_H

#include "base/world.h"

extern const struct world_files world_posix_files;
extern const struct world_sockets world_posix_sockets;

#endif
