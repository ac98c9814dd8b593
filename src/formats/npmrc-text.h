/* npmrc-text.h - keys and values of npm's ini files: from the file's bytes to npm's text and back
 *
 * As in the package "ini" 1.3.8 to 6.0.0 (unsafe()), and in @npmcli/config (parse-field.js,
 * env-replace.js) of npm 7 to 11. */
#pragma once
#include <glib.h>

#include "formats/npmrc-json.h"

/** prc_npm_blank_at: how many bytes of @text are one blank in the sense of JavaScript's trim(); or
 * 0. */
gsize prc_npm_blank_at (const char *text, gsize length);
/** prc_npm_trim: narrows [@start, @end) of @data by the blanks at both ends. */
void prc_npm_trim (const char *data, gsize *start, gsize *end);

/** prc_npm_decode_utf8: (transfer full): @text as node reads it from a file: what isn't UTF-8 is
 * U+FFFD. */
GString *prc_npm_decode_utf8 (const char *text, gsize length);

/** PrcNpmText: a key or a value as the ini reader decodes it. */
typedef struct {
    char *text;       /* UTF-8; String() of what it is */
    PrcNpmKind kind;  /* of what the quotes make of it */
    gsize start, end; /* the bytes that it was made of, without blanks and comment */
} PrcNpmText;
void prc_npm_text_clear (PrcNpmText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcNpmText, prc_npm_text_clear)

/** prc_npm_decode: what the bytes [@start, @end) of @data mean; never fails. */
void prc_npm_decode (const char *data, gsize start, gsize end, PrcNpmText *ret_text);

/**
 * prc_npm_resolve:
 * @text: decoded
 * @ret_references: (out): (transfer full) (nullable): the ${NAME}s that npm replaces from its
 *   environment, with blanks between; %NULL when there are none
 *
 * Returns: (transfer full): @text with each escaped \${NAME} as the literal that npm makes of it.
 */
char *prc_npm_resolve (const char *text, char **ret_references);

/** prc_npm_protect: the text of which prc_npm_resolve() makes @text, without a reference. */
char *prc_npm_protect (const char *text);

typedef enum {
    PRC_NPM_PLAIN,         /* \; \# \\ */
    PRC_NPM_DOUBLE_QUOTED, /* JSON */
    PRC_NPM_SINGLE_QUOTED, /* as it is, if that is no JSON */
} PrcNpmStyle;

/** prc_npm_encode: @text in @style; not every style can hold every text: read it back. */
char *prc_npm_encode (const char *text, PrcNpmStyle style);
