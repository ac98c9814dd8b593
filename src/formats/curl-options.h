/* curl-options.h - the names of curl's options: which take a value, and since when they are known
 *
 * Taken from the program itself: `--help all` and the words in the binaries of curl 7.88.1 and
 * 8.14.1, each tried as a line of a .curlrc, alone, with `no-`, and with the values "zz", "5" and
 * ""; and from curl's docs/options-in-versions and docs/cmdline-opts for the versions up to 8.17.
 */
#pragma once
#include <glib.h>

typedef enum {
    PRC_CURL_FLAG,    /* stands alone; `no-` turns it off */
    PRC_CURL_SWITCH,  /* stands alone; has no `no-` form */
    PRC_CURL_NEXT,    /* `next`: what follows belongs to another transfer */
    PRC_CURL_TEXT,    /* takes a value, any */
    PRC_CURL_NUMBER,  /* takes a value and refuses one that doesn't begin as a number */
    PRC_CURL_CHECKED, /* takes a value and may refuse it, as its build, or a file, has it */
    PRC_CURL_LIST,    /* takes a value, any but "@FILE"; each occurrence adds to those before */
    PRC_CURL_CHECKED_LIST,
} PrcCurlKind;

typedef struct {
    const char *name;
    PrcCurlKind kind;
    guint since;         /* PRC_TOOL_VERSION() that brought it; 0 for whatever is older than 7.53 */
    gboolean needs_text; /* refuses "" from 8.6.0 on (curl/curl pull request 12620) */
} PrcCurlOption;

/** From this version on, names are exact; before, letter case is ignored and any unambiguous
 * beginning will do. Also the first that refuses an empty value for most options. */
#define PRC_CURL_EXACT_NAMES PRC_TOOL_VERSION (8, 6, 0)

/** prc_curl_option: (nullable): what curl of this @version takes the name for (without dashes,
 * `no-` and `expand-`); NULL when it is unknown to it, or ambiguous. @may_be_short: not so behind
 * `no-`, where even the versions that take abbreviations want the whole name. */
const PrcCurlOption *prc_curl_option (const char *name, gsize length, guint version,
                                      gboolean may_be_short);
/** prc_curl_option_by_letter: (nullable): of the short form. */
const PrcCurlOption *prc_curl_option_by_letter (char letter, guint version);
gboolean prc_curl_option_takes_value (const PrcCurlOption *option);
