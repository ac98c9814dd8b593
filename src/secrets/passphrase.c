#include "secrets/passphrase.h"

#include "base/error.h"
#include "base/i18n.h"

/* What this answer leads to; FALSE with *@ret_again set when asking once more makes sense. */
static gboolean
ask_once (const PrcStoreAsk *ask, gboolean is_new, const char *why, PrcPassphraseTry try,
          gpointer data, gboolean *ret_again, GError **error)
{
    g_autoptr (PrcSecret) passphrase = NULL;
    g_autoptr (GError) local = NULL;

    *ret_again = FALSE;
    if (!ask->passphrase (ask->data, is_new, why, &passphrase, error))
        return FALSE;
    if (prc_secret_length (passphrase) == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("an empty passphrase protects nothing"));
        *ret_again = TRUE;
        return FALSE;
    }
    if (try (data, passphrase, &local))
        return TRUE;
    *ret_again = g_error_matches (local, PRC_ERROR, PRC_ERROR_LOCKED);
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
}

gboolean
prc_passphrase_ask (const PrcStoreAsk *ask, gboolean is_new, const char *place,
                    PrcPassphraseTry try, gpointer data, GError **error)
{
    g_autofree char *why =
        g_strdup_printf (is_new ? _ ("new passphrase for %s") : _ ("passphrase for %s"), place);
    guint attempts = ask != NULL ? MAX (ask->attempts, 1u) : 0;

    if (attempts == 0 || ask->passphrase == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("%s: locked, and its passphrase may not be asked for"), place);
        return FALSE;
    }
    for (;;) {
        g_autoptr (GError) local = NULL;
        gboolean again = FALSE;

        if (ask_once (ask, is_new, why, try, data, &again, &local))
            return TRUE;
        if (!again || --attempts == 0) {
            g_propagate_error (error, g_steal_pointer (&local));
            return FALSE;
        }
        g_free (why);
        why = g_strdup_printf (_ ("%s; once more, the passphrase for %s"), local->message, place);
    }
}
