/* error.h - what went wrong, by what a caller decides on */
#pragma once
#include <glib.h>

/**
 * PrcError: one domain for the whole program. A code exists for each thing that a caller, and in
 * the end the exit status, tells apart; everything else is in the message. Messages say what, where
 * and what to do next, and never hold a secret.
 */
typedef enum {
    PRC_ERROR_USAGE,       /* the call itself is wrong */
    PRC_ERROR_INPUT,       /* a file, profile or URL that can't be read; nothing was changed */
    PRC_ERROR_UNSUPPORTED, /* the format or the tool can't hold this value */
    PRC_ERROR_NOT_FOUND,   /* what was named isn't there */
    PRC_ERROR_WRITE,       /* writing failed, everything was rolled back */
    PRC_ERROR_CHANGED,     /* a file is no longer what it was when it was read */
    PRC_ERROR_LOCKED,      /* a secret is needed and may not, or can't, be asked for */
    PRC_ERROR_NETWORK,     /* the proxy was not found, not reachable, or timed out */
    PRC_ERROR_DYNAMIC,     /* the value is computed by shell code */
    PRC_ERROR_CANCELLED,   /* the user stopped it */
} PrcError;

#define PRC_ERROR (prc_error_quark ())
GQuark prc_error_quark (void);

/**
 * prc_set_error_at_line:
 * @line: 1-based
 *
 * Sets a #PRC_ERROR_INPUT whose message begins "LINE: ", so that a caller who knows the file
 * prefixes "FILE:" and gets FILE:LINE: MESSAGE.
 */
void prc_set_error_at_line (GError **error, guint line, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/** prc_prefix_file: turns "LINE: …" and any other message into "FILE:LINE: …" or "FILE: …". */
void prc_prefix_file (GError **error, const char *path);

/** prc_errno_text: (transfer full): what the system says of an error when writing, and what to do
 * about it. @hint: (nullable): that; NULL: what usually helps, if anything */
char *prc_errno_text (int number, const char *hint) G_GNUC_WARN_UNUSED_RESULT;
