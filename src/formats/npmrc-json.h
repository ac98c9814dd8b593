/* npmrc-json.h - JSON as JavaScript's JSON.parse() takes it, and the text that npm makes of it
 *
 * npm's ini reader hands every quoted key and value to JSON.parse(), so what is a string, what is a
 * number and what is no JSON at all must be judged exactly as there (ECMA-404; no limit of depth,
 * lone surrogates allowed). */
#pragma once
#include <glib.h>

typedef enum {
    PRC_NPM_STRING,
    PRC_NPM_NUMBER,
    PRC_NPM_BOOLEAN,
    PRC_NPM_NULL,
    PRC_NPM_ARRAY,
    PRC_NPM_OBJECT,
} PrcNpmKind;

/**
 * prc_npm_json_parse:
 * @text: (array length=length): UTF-8
 * @out: gets what String() makes of it: an array's elements with commas between, "[object Object]";
 *   NUL and lone surrogates, which no setting can hold, as U+FFFD
 *
 * Returns: %FALSE when @text is no JSON; @out is then of no use.
 */
gboolean prc_npm_json_parse (const char *text, gsize length, GString *out, PrcNpmKind *ret_kind);

/** prc_npm_json_quote: @text (UTF-8) as a JSON string that can stand on one line of an npmrc. */
void prc_npm_json_quote (GString *out, const char *text);
