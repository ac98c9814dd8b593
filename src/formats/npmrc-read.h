/* npmrc-read.h - the lines of an npmrc, and what npm reads from them
 *
 * As ini.parse() of the package "ini" 1.3.8 to 6.0.0 and loadObject() of @npmcli/config. */
#pragma once
#include <glib.h>

#include "formats/document.h"
#include "formats/npmrc-text.h"

typedef enum {
    PRC_NPM_LINE_NOTHING,
    PRC_NPM_LINE_COMMENT,
    PRC_NPM_LINE_SECTION,
    PRC_NPM_LINE_KEY
} PrcNpmLineKind;

typedef struct {
    gsize start, end; /* without the line's end, and without a byte order mark */
    gsize next;       /* behind the line's end */
    guint number;     /* counts '\n' only, as editors do; npm ends lines at a lone '\r' too */
    PrcNpmLineKind kind;
    gsize split; /* KEY: of its '=', or @end; SECTION: of its ']' */
} PrcNpmLine;

/** prc_npm_next_line: moves @line, zeros at first, to the next one. %FALSE: there is none. */
gboolean prc_npm_next_line (const char *data, gsize size, PrcNpmLine *line);
/** prc_npm_classify: fills in what kind of line it is and where it divides. */
void prc_npm_classify (const char *data, PrcNpmLine *line);

/** prc_npm_has_line_separator: U+2028 or U+2029: behind a '=' npm takes the line for none. */
gboolean prc_npm_has_line_separator (const char *text, gsize length);
/** prc_npm_strip_list_mark: cuts the [] of a decoded key. Returns: whether there was one. */
gboolean prc_npm_strip_list_mark (char *key);
/** prc_npm_value_of: (transfer full): what npm makes of a decoded value, as prc_npm_resolve(). */
char *prc_npm_value_of (PrcNpmText *text, char **ret_references);

/** prc_npm_parse: the parse() of the driver. */
gboolean prc_npm_parse (const PrcDocument *doc, GPtrArray *entries, GError **error);
