#include "test.h"

#include "probe/request.h"

static PrcProbeRequest *
full_request (void)
{
    PrcProbeRequest *request = prc_probe_request_new ();

    request->proxy = prc_proxy_url_new (PRC_PROXY_SOCKS5H, "fd00::1", 1080, NULL, NULL);
    request->url = g_strdup ("https://[::1]:8443/a?b");
    request->user = g_strdup ("CORP\\jürgen");
    request->password = prc_secret_new ("a\0\x01\xff%41", 7);
    request->schemes = 5;
    request->timeout_ms = 15000;
    request->ca = g_bytes_new_static ("-----BEGIN CERTIFICATE-----\n", 28);
    return request;
}

static void
request__is_read_as_it_was_written (void **state)
{
    g_autoptr (PrcProbeRequest) request = full_request ();
    g_autoptr (GBytes) bytes = prc_probe_request_write (request);
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcProbeRequest) read = NULL;
    gsize length = 0;
    const char *data = g_bytes_get_data (bytes, &length);

    (void) state;
    read = prc_probe_request_read (data, length, &error);
    assert_no_error (error);
    assert_true (prc_proxy_url_same_proxy (read->proxy, request->proxy));
    assert_string_equal (read->url, request->url);
    assert_string_equal (read->user, request->user);
    assert_true (prc_secret_equal (read->password, request->password));
    assert_int_equal (read->schemes, 5);
    assert_int_equal (read->timeout_ms, 15000);
    assert_true (g_bytes_equal (read->ca, request->ca));
}

static void
request__host_with_other_letters__is_written_in_ascii (void **state)
{
    g_autoptr (PrcProbeRequest) request = full_request ();
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PrcProbeRequest) read = NULL;

    (void) state;
    prc_proxy_url_free (request->proxy);
    request->proxy = prc_proxy_url_new (PRC_PROXY_HTTP, "prüxy.example", 3128, NULL, NULL);
    bytes = prc_probe_request_write (request);
    read = prc_probe_request_read (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
    assert_non_null (read);
    assert_string_equal (read->proxy->host, "xn--prxy-1ra.example");
    assert_int_equal (read->proxy->port, 3128);
}

/* Every beginning of it, and every changed byte: refused, or read as something else, never past its
 * end. */
static void
request__cut_or_changed__is_survived (void **state)
{
    g_autoptr (PrcProbeRequest) request = full_request ();
    g_autoptr (GBytes) bytes = prc_probe_request_write (request);
    gsize length = 0;
    const char *data = g_bytes_get_data (bytes, &length);
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (5000);

    (void) state;
    for (gsize i = 0; i < length; i++) {
        g_autofree char *exact = g_memdup2 (data, i);
        g_autoptr (PrcProbeRequest) read =
            prc_probe_request_read (exact != NULL ? exact : "", i, NULL);

        (void) read;
    }
    for (guint i = 0; i < cases; i++) {
        g_autofree char *changed = g_memdup2 (data, length);
        g_autoptr (PrcProbeRequest) read = NULL;

        for (int n = g_rand_int_range (rand, 1, 4); n > 0; n--)
            changed[g_rand_int_range (rand, 0, (gint32) length)] =
                (char) g_rand_int_range (rand, 0, 256);
        read = prc_probe_request_read (changed, length, NULL);
    }
}

static void
target__forms__are_known (void **state)
{
    static const struct {
        const char *url;
        const char *host; /* NULL: refused */
        gboolean is_https;
    } rows[] = {
        { "https://example.com/", "example.com", TRUE },
        { "HTTP://example.com", "example.com", FALSE },
        { "http://example.com:80", "example.com", FALSE },
        { "https://[::1]:8443/a?b#c", "::1", TRUE },
        { "http://host?query", "host", FALSE },
        { "http://10.0.0.1:65535/x", "10.0.0.1", FALSE },
        { "ftp://example.com/", NULL, FALSE },
        { "example.com", NULL, FALSE },
        { "https://", NULL, TRUE },
        { "https:///path", NULL, TRUE },
        { "https://user@example.com/", NULL, TRUE },
        { "https://user:pw@example.com/", NULL, TRUE },
        { "https://exa mple.com/", NULL, TRUE },
        { "https://example.com/a b", NULL, TRUE },
        { "https://example.com/\r\nX: y", NULL, TRUE },
        { "https://exämple.com/", NULL, TRUE },
        { "https://example.com/ä", NULL, TRUE },
        { "https://example.com:0/", NULL, TRUE },
        { "https://example.com:65536/", NULL, TRUE },
        { "https://example.com:/", NULL, TRUE },
        { "https://example.com:80a/", NULL, TRUE },
        { "https://[::1/", NULL, TRUE },
        { "https://[::1]x/", NULL, TRUE },
        { "https://a\\b/", NULL, TRUE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *host = NULL;
        gboolean is_https = FALSE;
        g_autoptr (GError) error = NULL;
        gboolean good = prc_probe_check_target (rows[i].url, &host, &is_https, &error);

        if (good != (rows[i].host != NULL))
            fail_msg ("%s: %s", rows[i].url, good ? "taken" : error->message);
        if (!good) {
            assert_error (error, PRC_ERROR_INPUT);
            continue;
        }
        assert_string_equal (host, rows[i].host);
        assert_int_equal (is_https, rows[i].is_https);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (request__is_read_as_it_was_written),
        cmocka_unit_test (request__host_with_other_letters__is_written_in_ascii),
        cmocka_unit_test (request__cut_or_changed__is_survived),
        cmocka_unit_test (target__forms__are_known),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
