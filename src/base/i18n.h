/* i18n.h - texts that a person reads
 *
 * Each stands in the source in English, whole: sentences are not put together from parts, for other
 * languages have another order. What a machine reads is never translated. po/README.md has the
 * rules for who writes or translates a text. */
#pragma once
#include <glib.h>
#include <libintl.h>

#define PRC_TEXT_DOMAIN "proxyrc"

/** _: the translation of a literal. N_: marks a literal in a table; whoever shows it says _().
 * ngettext (ONE, MANY, N) is for texts with a number. */
#define _(text) prc_i18n_text (text)
#define N_(text) text

/** prc_i18n_text: what _() calls; gettext() would answer an empty text with the header of the file
 * of translations. */
static inline const char *prc_i18n_text (const char *text) G_GNUC_FORMAT (1);

static inline const char *
prc_i18n_text (const char *text)
{
    return *text != '\0' ? gettext (text) : text;
}

/** prc_i18n_start: finds the translations; call it once setlocale() was called. Texts are UTF-8
 * whatever the locale's encoding. */
void prc_i18n_start (void);
/** prc_i18n_stop: English from now on, the messages of libraries too: what follows is read by a
 * machine. */
void prc_i18n_stop (void);
