/* request.h - what the helper is asked to do, and the bytes in which it is told, through a pipe */
#pragma once
#include <glib.h>

#include "base/secret.h"
#include "model/proxy-url.h"
#include "probe/challenge.h"

/** The largest file of CA certificates that is handed over, in bytes. */
#define PRC_REQUEST_CA_MAX (8u * 1024u * 1024u)

/** PrcProbeRequest: one check. All is owned. */
typedef struct {
    PrcProxyUrl *proxy;  /* user and password in it are not looked at */
    char *url;           /* http:// or https://; see prc_probe_check_target() */
    char *user;          /* (nullable) */
    PrcSecret *password; /* (nullable) */
    guint schemes;       /* set of 1 << PrcAuthScheme that may be used; 0: send no credential */
    GBytes *ca;          /* (nullable): PEM certificates that are trusted besides the system's */
    guint timeout_ms;
} PrcProbeRequest;

PrcProbeRequest *prc_probe_request_new (void);
void prc_probe_request_free (PrcProbeRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcProbeRequest, prc_probe_request_free)

/** prc_probe_request_write: (transfer full): wiped when freed. */
GBytes *prc_probe_request_write (const PrcProbeRequest *request);
/** prc_probe_request_read: #PRC_ERROR_INPUT for what prc_probe_request_write() could not have made.
 */
PrcProbeRequest *prc_probe_request_read (const char *bytes, gsize length, GError **error);

/** prc_probe_request_is_ascii: user and password are: libcurl widens each byte for NTLM, which is
 * wrong for all others. */
gboolean prc_probe_request_is_ascii (const PrcProbeRequest *request);

/**
 * prc_probe_check_target: an http:// or https:// URL with a host in ASCII, and without a user,
 * blanks or control characters.
 * @ret_host: (out) (optional): (transfer full): without brackets
 * @error: #PRC_ERROR_INPUT
 */
gboolean prc_probe_check_target (const char *url, char **ret_host, gboolean *ret_is_https,
                                 GError **error);
