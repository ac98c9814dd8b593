#include "probe/request.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

/* A field: its letter, the length in four bytes, the bytes. */
#define MAGIC "proxyrc-probe 1\n"
#define TARGET_LENGTH_MAX 4096u

PrcProbeRequest *
prc_probe_request_new (void)
{
    return g_new0 (PrcProbeRequest, 1);
}

void
prc_probe_request_free (PrcProbeRequest *request)
{
    if (request == NULL)
        return;
    prc_proxy_url_free (request->proxy);
    g_free (request->url);
    g_free (request->user);
    prc_secret_unref (request->password);
    g_clear_pointer (&request->ca, g_bytes_unref);
    g_free (request);
}

gboolean
prc_probe_request_is_ascii (const PrcProbeRequest *request)
{
    return (request->user == NULL || g_str_is_ascii (request->user)) &&
           (request->password == NULL || g_str_is_ascii (prc_secret_text (request->password)));
}

/* Writing: measured first, so that no growing buffer leaves copies of the password behind. */

typedef struct {
    char *bytes; /* NULL: only measure */
    gsize length;
} Writer;

static void
put_bytes (Writer *writer, const void *bytes, gsize length)
{
    if (writer->bytes != NULL && length > 0)
        memcpy (writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

static void
put_field (Writer *writer, char letter, const void *bytes, gsize length)
{
    guint32 size = GUINT32_TO_LE ((guint32) length);

    put_bytes (writer, &letter, 1);
    put_bytes (writer, &size, sizeof size);
    put_bytes (writer, bytes, length);
}

static void
put_text (Writer *writer, char letter, const char *text)
{
    if (text != NULL)
        put_field (writer, letter, text, strlen (text));
}

/* Scheme, host and port. The host as the name service has it: the helper's C locale knows no other
 * letters. */
static char *
format_proxy (const PrcProxyUrl *proxy)
{
    g_autoptr (PrcProxyUrl) copy = prc_proxy_url_copy (proxy);
    char *ascii = g_str_is_ascii (copy->host) ? NULL : g_hostname_to_ascii (copy->host);

    if (ascii != NULL) {
        g_free (copy->host);
        copy->host = ascii;
    }
    return prc_proxy_url_format_bare (copy);
}

static void
put_request (Writer *writer, const PrcProbeRequest *request)
{
    guint32 schemes = GUINT32_TO_LE (request->schemes);
    guint32 timeout = GUINT32_TO_LE (request->timeout_ms);
    g_autofree char *proxy = format_proxy (request->proxy);

    put_bytes (writer, MAGIC, strlen (MAGIC));
    put_text (writer, 'x', proxy);
    put_text (writer, 't', request->url);
    put_text (writer, 'u', request->user);
    if (request->password != NULL)
        put_field (writer, 'p', prc_secret_text (request->password),
                   prc_secret_length (request->password));
    put_field (writer, 's', &schemes, sizeof schemes);
    put_field (writer, 'd', &timeout, sizeof timeout);
    if (request->ca != NULL)
        put_field (writer, 'c', g_bytes_get_data (request->ca, NULL),
                   g_bytes_get_size (request->ca));
}

GBytes *
prc_probe_request_write (const PrcProbeRequest *request)
{
    Writer writer = { NULL, 0 };

    put_request (&writer, request);
    writer = (Writer){ g_malloc (writer.length), 0 };
    put_request (&writer, request);
    return prc_bytes_new_wiped (writer.bytes, writer.length);
}

/* Reading */

static gboolean
take_number (const char *bytes, gsize length, guint *ret)
{
    guint32 number = 0;

    if (length != sizeof number)
        return FALSE;
    memcpy (&number, bytes, sizeof number);
    *ret = GUINT32_FROM_LE (number);
    return TRUE;
}

static gboolean
take_text (const char *bytes, gsize length, char **ret)
{
    if (*ret != NULL || memchr (bytes, '\0', length) != NULL)
        return FALSE;
    *ret = g_strndup (bytes, length);
    return TRUE;
}

static gboolean
take_proxy (const char *bytes, gsize length, PrcProxyUrl **ret)
{
    g_autofree char *text = g_strndup (bytes, length);

    if (*ret == NULL)
        *ret = prc_proxy_url_parse (text, &prc_url_dialect_lenient, NULL);
    return *ret != NULL && (*ret)->user == NULL && (*ret)->password == NULL;
}

static gboolean
take_field (PrcProbeRequest *request, char letter, const char *bytes, gsize length)
{
    switch (letter) {
    case 'x':
        return take_proxy (bytes, length, &request->proxy);
    case 't':
        return take_text (bytes, length, &request->url);
    case 'u':
        return take_text (bytes, length, &request->user);
    case 'p':
        if (request->password == NULL)
            request->password = prc_secret_new (bytes, length);
        return TRUE;
    case 's':
        return take_number (bytes, length, &request->schemes);
    case 'd':
        return take_number (bytes, length, &request->timeout_ms);
    case 'c':
        if (request->ca == NULL)
            request->ca = g_bytes_new (bytes, length);
        return length <= PRC_REQUEST_CA_MAX;
    default:
        return FALSE;
    }
}

PrcProbeRequest *
prc_probe_request_read (const char *bytes, gsize length, GError **error)
{
    g_autoptr (PrcProbeRequest) request = prc_probe_request_new ();
    const char *end = bytes + length;
    const char *at = bytes + strlen (MAGIC);
    gboolean good = length >= strlen (MAGIC) && memcmp (bytes, MAGIC, strlen (MAGIC)) == 0;

    while (good && at < end) {
        guint size = 0;

        good = end - at >= 5 && take_number (at + 1, 4, &size) && size <= (gsize) (end - at - 5) &&
               take_field (request, *at, at + 5, size);
        at += 5 + size;
    }
    if (!good || request->proxy == NULL || request->url == NULL || request->timeout_ms == 0 ||
        !prc_probe_check_target (request->url, NULL, NULL, NULL)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a request of proxyrc"));
        return NULL;
    }
    return g_steal_pointer (&request);
}

/* Targets */

static gboolean
is_host (const char *host, gsize length)
{
    gboolean is_ipv6 = length > 2 && host[0] == '[' && host[length - 1] == ']';

    for (gsize i = 0; i < length; i++)
        if (!(g_ascii_isalnum (host[i]) || strchr ("-._", host[i]) != NULL ||
              (is_ipv6 && strchr ("[]:", host[i]) != NULL)))
            return FALSE;
    return length > 0 && length < 256;
}

static gboolean
is_port (const char *text, gsize length)
{
    guint port = 0;

    for (gsize i = 0; i < length && i < 6; i++) {
        if (!g_ascii_isdigit (text[i]))
            return FALSE;
        port = port * 10 + (guint) (text[i] - '0');
    }
    return length > 0 && length < 6 && port > 0 && port < 65536;
}

static gboolean
is_path (const char *path)
{
    for (const char *p = path; *p != '\0'; p++)
        if (!g_ascii_isgraph (*p))
            return FALSE;
    return *path == '\0' || strchr ("/?#", *path) != NULL;
}

gboolean
prc_probe_check_target (const char *url, char **ret_host, gboolean *ret_is_https, GError **error)
{
    gboolean is_https = g_ascii_strncasecmp (url, "https://", 8) == 0;
    const char *start = url + (is_https ? 8 : 7);
    gsize authority = 0, host = 0;

    if (strlen (url) > TARGET_LENGTH_MAX ||
        (!is_https && g_ascii_strncasecmp (url, "http://", 7) != 0)) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_INPUT,
            _ ("the target must be an http:// or https:// URL, such as https://example.com/"));
        return FALSE;
    }
    authority = strcspn (start, "/?#");
    host = *start == '[' ? strcspn (start, "]") + 1 : strcspn (start, ":/?#");
    if (memchr (start, '@', authority) != NULL || host > authority || !is_host (start, host) ||
        (host < authority &&
         (start[host] != ':' || !is_port (start + host + 1, authority - host - 1))) ||
        !is_path (start + authority)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("the target can't be used: write it as https://HOST:PORT/PATH, in ASCII, "
                        "without a user and without blanks"));
        return FALSE;
    }
    if (ret_host != NULL)
        *ret_host = *start == '[' ? g_strndup (start + 1, host - 2) : g_strndup (start, host);
    if (ret_is_https != NULL)
        *ret_is_https = is_https;
    return TRUE;
}
