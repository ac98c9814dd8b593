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
 * prc_confine: of the files, only what looking up names, TLS and Kerberos need stays readable:
 * libraries, the resolver's and the system's certificates, and the Kerberos ticket that @request
 * names; nothing is writable, and no program can be started. Memory, processor time and descriptors
 * are limited. What this kernel can't do is left out in silence.
 */
void prc_confine (const PrcProbeRequest *request);
