/* systemd-env.h - assignments as systemd reads them from environment.d and EnvironmentFile=
 *
 * Checked against the generator of systemd 252. Here is only the unquoting; what '$' means to
 * environment.d is in environment-d.c. */
#pragma once
#include <glib.h>

#include "formats/document.h"

/** PrcSystemdAssignment: NAME=VALUE; lines without '=' and comments are passed over. */
typedef struct {
    gsize start, end; /* from the blanks before the name to behind the newline */
    gsize key_start, key_end;
    gsize value_start, value_end; /* quotes included, blanks around not */
    guint line;
    GString *value;   /* unquoted */
    gboolean is_none; /* nothing stands there, not even blanks that were taken for a value */
} PrcSystemdAssignment;

/** PrcSystemdScan: where a scan stands; zero it, set @data, @size and @line = 1. */
typedef struct {
    const char *data;
    gsize size, at;
    guint line;
    gboolean long_comments; /* before 254 a comment that ends in '\' swallows the next line */
} PrcSystemdScan;

void prc_systemd_assignment_clear (PrcSystemdAssignment *assignment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcSystemdAssignment, prc_systemd_assignment_clear)

/** prc_systemd_scan: the next assignment, into a zeroed or cleared @ret; FALSE at the end. */
gboolean prc_systemd_scan (PrcSystemdScan *scan, PrcSystemdAssignment *ret);

/** prc_systemd_read_line: (transfer full) (nullable): what systemd makes of @line ("NAME=…") as the
 * value of @key; NULL if nothing, or if it would expand a '$'. */
char *prc_systemd_read_line (const char *line, gsize length, const char *key);

/** prc_env_name_is_valid: a letter or '_', then letters, digits and '_'. */
gboolean prc_env_name_is_valid (const char *name, gsize length);

/**
 * prc_env_names_related: equal but for case, or with the same ending behind the last '_': settings
 * that a reader wants to see side by side (http_proxy, HTTPS_PROXY, no_proxy).
 */
gboolean prc_env_names_related (const char *a, const char *b);

/**
 * prc_env_insert_line:
 * @offset: the start of a line, or the end of the file
 * @line: as it is: unlike with prc_document_insert_lines(), a newline in a value stays one byte
 */
void prc_env_insert_line (const PrcDocument *doc, gsize offset, const char *line, const char *eol,
                          PrcEdit *ret_edit);
