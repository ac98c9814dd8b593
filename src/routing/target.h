/* target.h - the URL that somebody wants to reach, cut into what the tools look at */
#pragma once
#include <glib.h>

/** PrcTarget: plain values; what is nullable is not there. */
typedef struct {
    char *url;    /* as it was given */
    char *shown;  /* the same without user and password */
    char *scheme; /* "http" or "https" */
    char *host;   /* lower case, without the brackets of an IPv6 address */
    char *ipv4; /* (nullable): of a host that is an IPv4 address in any spelling: 127.1 as 127.0.0.1
                 */
    gboolean is_ipv6;
    guint port; /* the one that the URL spells; 0: none */
} PrcTarget;

/**
 * prc_target_parse:
 * @error: #PRC_ERROR_INPUT: no URL of http or https with a host
 *
 * Returns: (transfer full) (nullable)
 */
PrcTarget *prc_target_parse (const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_target_free (PrcTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcTarget, prc_target_free)

gboolean prc_target_is_https (const PrcTarget *target);
