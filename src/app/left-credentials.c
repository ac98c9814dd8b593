#include "app/left-credentials.h"

#include <string.h>

#include "model/percent.h"
#include "model/proxy-url.h"

/* git writes "http://user:password@host%3a3128". */
static PrcProxyUrl *
parse_line (const char *line, const char *at)
{
    gsize length = 0;
    g_autofree char *host = prc_percent_decode (at + 1, strlen (at + 1), TRUE, &length);
    g_autofree char *before = g_strndup (line, (gsize) (at + 1 - line));
    g_autoptr (PrcWipedString) text = g_strconcat (before, host, NULL);

    explicit_bzero (before, strlen (before));
    return prc_proxy_url_parse (text, &prc_url_dialect_lenient, NULL);
}

/* (transfer full) (nullable): wiped by the caller; NULL: the line stays. */
static char *
renewed (const char *line, const PrcWanted *wanted)
{
    const char *scheme = strstr (line, "://"), *at = strrchr (line, '@');
    g_autoptr (PrcProxyUrl) url = scheme != NULL && at != NULL ? parse_line (line, at) : NULL;
    g_autofree char *begin = NULL;
    g_autofree char *user = NULL;
    g_autoptr (PrcWipedString) password = NULL;

    if (url == NULL || url->password == NULL || url->user == NULL ||
        strcmp (url->user, wanted->user) != 0 || !prc_profile_has_proxy (wanted->profile, url) ||
        prc_secret_equal (url->password, wanted->password))
        return NULL;
    begin = g_strndup (line, (gsize) (scheme + 3 - line));
    user = prc_percent_encode (wanted->user);
    password = prc_percent_encode (prc_secret_text (wanted->password));
    return g_strconcat (begin, user, ":", password, at, NULL);
}

GBytes *
prc_credential_lines_renew (GBytes *bytes, const PrcWanted *wanted, guint *ret_n)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    gsize longest = (strlen (wanted->user) + prc_secret_length (wanted->password)) * 3 + 2;
    gsize lines = 1;
    g_autoptr (GString) out = NULL;
    guint n = 0;

    for (gsize i = 0; i < size; i++)
        lines += data[i] == '\n';
    /* Room for all that may come: when it grows, no copy is left behind. */
    out = g_string_sized_new (size + lines * longest + 1);

    for (gsize at = 0; at < size;) {
        const char *newline = memchr (data + at, '\n', size - at);
        gsize end = newline != NULL ? (gsize) (newline - data) : size;
        g_autoptr (PrcWipedString) line = g_strndup (data + at, end - at);
        g_autoptr (PrcWipedString) other =
            strlen (line) == end - at ? renewed (line, wanted) : NULL;

        if (other != NULL)
            g_string_append (out, other);
        else
            g_string_append_len (out, data + at, (gssize) (end - at));
        if (newline != NULL)
            g_string_append_c (out, '\n');
        n += other != NULL;
        at = end + (newline != NULL);
    }
    *ret_n = n;
    if (n == 0) {
        explicit_bzero (out->str, out->len);
        return NULL;
    }
    size = out->len;
    return prc_bytes_new_wiped (g_string_free (g_steal_pointer (&out), FALSE), size);
}
