#include "model/profile-keys.h"

#include <string.h>

#include "base/i18n.h"

static const char *const auth_words[] = { "basic", "digest", "ntlm", "negotiate", "any", NULL };
static const char *const placement_words[] = { "inline", "reference", "none", NULL };

static const PrcProfileKey rows[] = {
    { "http", N_ ("the proxy for http:// sites, as scheme://host:port"), NULL },
    { "https", N_ ("the proxy for https:// sites"), NULL },
    { "all", N_ ("the proxy for both, or for what the other two leave"), NULL },
    { "no_proxy", N_ ("hosts that are reached directly, with commas between them"), NULL },
    { "user", N_ ("the user name at the proxy"), NULL },
    { "auth", N_ ("how to log in at the proxy"), auth_words },
    { "ca", N_ ("a file with CA certificates, by its absolute path"), NULL },
    { "placement", N_ ("how the tools get the password"), placement_words },
    { "tools", N_ ("the tools that it is written to, with commas between them; else all"), NULL },
    { "check_url", N_ ("the site that a check asks for; else https://example.com/"), NULL },
    { "store", N_ ("the store that has the password"), NULL },
};

const PrcProfileKey *
prc_profile_key_rows (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (rows);
    return rows;
}

const PrcProfileKey *
prc_profile_key_row (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (strcmp (rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}
