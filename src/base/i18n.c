#include "base/i18n.h"

#include <glib.h>
#include <locale.h>
#include <string.h>

#include "base/program.h"

void
prc_i18n_start (void)
{
    const char *locale = setlocale (LC_MESSAGES, NULL);
    g_autofree char *folder = NULL;

    /* gettext looks nothing up in the C locale: no time is lost on finding where */
    if (locale == NULL || strcmp (locale, "C") == 0 || strcmp (locale, "POSIX") == 0)
        return;
    folder = prc_locale_path ();
    (void) bindtextdomain (PRC_TEXT_DOMAIN, folder);
    (void) bind_textdomain_codeset (PRC_TEXT_DOMAIN, "UTF-8");
    (void) textdomain (PRC_TEXT_DOMAIN);
}

void
prc_i18n_stop (void)
{
    (void) setlocale (LC_MESSAGES, "C");
}
