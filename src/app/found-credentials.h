/* found-credentials.h - each distinct credential for a proxy that is found on this machine, and
 * where */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "model/proxy-url.h"

/** PrcFoundPlace: all owned UTF-8, without secrets. */
typedef struct {
    char *tool;
    char *file; /* (nullable): NULL: a variable of the calling shell */
    guint line; /* 0: none */
    char *key;
} PrcFoundPlace;

/** PrcFoundCredential: a proxy with user and password. */
typedef struct {
    PrcProxyUrl *url;
    char *profile;     /* (nullable): it is stored for this one */
    GPtrArray *places; /* of PrcFoundPlace; empty: only stored */
} PrcFoundCredential;

/**
 * prc_found_credentials: (transfer full) (element-type PrcFoundCredential) (nullable): the stored
 * one first, then as the tools are listed. Whatever a tool's file holds counts, also what another
 * setting overrides: it may be sent one day. A setting with an empty password, or none, is no
 * credential.
 * @notes: (element-type utf8): gets what could not be looked into: the store, a file that its tool
 * rejects
 */
GPtrArray *prc_found_credentials (PrcSession *session, GPtrArray *notes, GError **error);
