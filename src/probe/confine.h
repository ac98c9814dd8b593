/* confine.h - the helper gives up the rights that an exchange with a proxy doesn't need */
#pragma once
#include <glib.h>

#include "probe/request.h"

/**
 * prc_confine_early: to be called first: no core dumps, not attachable, no new privileges, no
 * descriptors but 0, 1 and 2, and the root as working directory.
 */
void prc_confine_early (void);

/**
 * prc_confine_files: of the files, only what looking up names, TLS and Kerberos need stays
 * readable: libraries and @module, the resolver's and the system's certificates, and the Kerberos
 * ticket and configuration that the environment names; nothing is writable, and no program can be
 * started. It holds for this thread and those that it starts. What this kernel can't do is left out
 * in silence, here and in prc_confine_resources().
 */
void prc_confine_files (const char *module);

/** prc_confine_resources: memory, processor time, descriptors and what may be written, to what
 * @request takes at most. */
void prc_confine_resources (const PrcProbeRequest *request);
