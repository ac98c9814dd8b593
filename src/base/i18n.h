/* i18n.h - texts that a person reads */
#pragma once
#include <libintl.h>

/** _: the translation of a literal. N_: marks a literal in a table; whoever shows it says _(). */
#define _(text) gettext (text)
#define N_(text) text
