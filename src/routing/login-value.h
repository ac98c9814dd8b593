/* login-value.h - what a value in a start-up file is, given the variables that are known before it
 */
#pragma once
#include "formats/document.h"

/** PrcLoginLookup: the value of @name there; NULL with *@ret_unset: surely not set; NULL: not
 * known. */
typedef const char *(*PrcLoginLookup) (gpointer data, const char *name, gboolean *ret_unset);

/**
 * prc_login_value:
 * @appends: that the file says name+=value
 *
 * Values of plain text with `$NAME` and `${NAME}` in it, in quotes or not; of anything else nothing
 * is known. Returns: (transfer full) (nullable)
 */
char *prc_login_value (const PrcDocument *doc, const PrcEntry *entry, PrcLoginLookup lookup,
                       gpointer data, gboolean *ret_appends);

/** prc_login_value_refers: that the value, as it stands in the file, may depend on variables. */
gboolean prc_login_value_refers (const PrcDocument *doc, const PrcEntry *entry);

/** prc_login_text: as prc_login_value(), of any word. */
char *prc_login_text (const char *text, gsize length, const char *format, PrcLoginLookup lookup,
                      gpointer data);
