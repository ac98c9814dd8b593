#include "model/credential.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

PrcCredentialRef *
prc_credential_ref_new (const char *scheme, const char *host, guint16 port, const char *user)
{
    PrcCredentialRef *ref = g_new0 (PrcCredentialRef, 1);
    gsize length = strlen (host);

    /* All of them, so that no reference's host can be read as a bracketed one. */
    for (; length >= 2 && host[0] == '[' && host[length - 1] == ']'; length -= 2)
        host++;
    ref->scheme = g_ascii_strdown (scheme, -1);
    ref->host = g_ascii_strdown (host, (gssize) length);
    ref->port = port;
    ref->user = g_strdup (user);
    return ref;
}

PrcCredentialRef *
prc_credential_ref_copy (const PrcCredentialRef *ref)
{
    PrcCredentialRef *copy = g_new0 (PrcCredentialRef, 1);

    copy->scheme = g_strdup (ref->scheme);
    copy->host = g_strdup (ref->host);
    copy->port = ref->port;
    copy->user = g_strdup (ref->user);
    return copy;
}

void
prc_credential_ref_free (PrcCredentialRef *ref)
{
    if (ref == NULL)
        return;
    g_free (ref->scheme);
    g_free (ref->host);
    g_free (ref->user);
    g_free (ref);
}

static gboolean
same_proxy (const PrcCredentialRef *a, const PrcCredentialRef *b)
{
    return a->port == b->port && strcmp (a->scheme, b->scheme) == 0 &&
           strcmp (a->host, b->host) == 0;
}

gboolean
prc_credential_ref_equal (const PrcCredentialRef *a, const PrcCredentialRef *b)
{
    return same_proxy (a, b) && g_strcmp0 (a->user, b->user) == 0;
}

gboolean
prc_credential_ref_matches (const PrcCredentialRef *pattern, const PrcCredentialRef *ref)
{
    return same_proxy (pattern, ref) &&
           (pattern->user == NULL || g_strcmp0 (pattern->user, ref->user) == 0);
}

/* Percent-encodes all but RFC 3986's unreserved characters and @extra. */
static void
append_encoded (GString *out, const char *text, const char *extra)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_isalnum (*p) || strchr ("-._~", *p) != NULL || strchr (extra, *p) != NULL)
            g_string_append_c (out, *p);
        else
            g_string_append_printf (out, "%%%02X", (guint) (guchar) *p);
    }
}

char *
prc_credential_ref_to_text (const PrcCredentialRef *ref)
{
    GString *out = g_string_new (NULL);
    gboolean brackets = strchr (ref->host, ':') != NULL;

    append_encoded (out, ref->scheme, "+");
    g_string_append (out, "://");
    if (ref->user != NULL) {
        append_encoded (out, ref->user, "");
        g_string_append_c (out, '@');
    }
    g_string_append (out, brackets ? "[" : "");
    append_encoded (out, ref->host, ":");
    g_string_append_printf (out, "%s:%u", brackets ? "]" : "", (guint) ref->port);
    return g_string_free (out, FALSE);
}

static gboolean
parse_port (const char *text, guint16 *ret_port)
{
    guint64 port = 0;

    if (*text == '\0' || strlen (text) > 5)
        return FALSE;
    for (const char *p = text; *p != '\0'; p++) {
        if (!g_ascii_isdigit (*p))
            return FALSE;
        port = port * 10 + (guint64) (*p - '0');
    }
    *ret_port = (guint16) port;
    return port <= G_MAXUINT16;
}

static PrcCredentialRef *
parse_parts (const char *scheme, const char *user, const char *host, const char *port_text)
{
    g_autofree char *plain_scheme = g_uri_unescape_string (scheme, NULL);
    g_autofree char *plain_host = g_uri_unescape_string (host, NULL);
    g_autofree char *plain_user = user != NULL ? g_uri_unescape_string (user, NULL) : NULL;
    guint16 port = 0;

    if (plain_scheme == NULL || plain_host == NULL || (user != NULL && plain_user == NULL) ||
        !parse_port (port_text, &port))
        return NULL;
    return prc_credential_ref_new (plain_scheme, plain_host, port, plain_user);
}

PrcCredentialRef *
prc_credential_ref_from_text (const char *text, GError **error)
{
    g_autofree char *copy = g_strdup (text);
    g_autofree char *again = NULL;
    g_autoptr (PrcCredentialRef) ref = NULL;
    char *rest = strstr (copy, "://");
    char *at = rest != NULL ? strchr (rest + 3, '@') : NULL;
    char *colon = strrchr (copy, ':');

    if (rest != NULL && colon > rest && (at == NULL || colon > at)) {
        *rest = *colon = '\0';
        if (at != NULL)
            *at = '\0';
        ref = parse_parts (copy, at != NULL ? rest + 3 : NULL, at != NULL ? at + 1 : rest + 3,
                           colon + 1);
    }
    /* One text for one reference: whatever another spelling gets through to here is refused. */
    if (ref != NULL)
        again = prc_credential_ref_to_text (ref);
    if (g_strcmp0 (again, text) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("not a credential's scheme://user@host:port"));
        return NULL;
    }
    return g_steal_pointer (&ref);
}
