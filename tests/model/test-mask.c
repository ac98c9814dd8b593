#include "test.h"

#include "model/mask.h"

static void
mask_url_text__userinfo__hidden (void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        { "http://u:p@h:1", "http://***@h:1" },
        { "http://u:p@ss@h:1", "http://***@h:1" },
        { "u:p@h", "***@h" },
        { "http://h:1", "http://h:1" },
        { "", "" },
        { "u:x://y@h", "u:x://***@h" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *got = prc_mask_url_text (rows[i].text);

        assert_string_equal (got, rows[i].expected);
    }
}

static void
mask_line__lines_of_real_files__secret_gone (void **state)
{
    static const struct {
        const char *line, *expected;
    } rows[] = {
        { "proxy = http://u:S@h:80", "proxy = http://***@h:80" },
        { "# http_proxy=http://u:S@h", "# http_proxy=http://***@h" },
        { "\tproxy = u:S@h:80", "\tproxy = ***@h:80" },
        { "//registry/:_authToken=S", "//registry/:_authToken=***" },
        { "//registry/:_password=\"S\"", "//registry/:_password=\"***" },
        { "proxy-header = \"Proxy-Authorization: Basic S\"",
          "proxy-header = \"Proxy-Authorization: ***" },
        { "proxy-user = u:S", "proxy-user = ***" },
        { "user \"u:S\"", "user \"***" },
        { "-U u:S", "-U ***" },
        { "curl --proxy-user \"u:S\" http://h", "curl --proxy-user \"***" },
        { "<password>S</password>", "<password>***" },
        { "{\"password\": \"S\"}", "{\"password\": \"***" },
        { "email = a@b.c", "email = a@b.c" },
        { "url = git@github.com:a/b", "url = git@github.com:a/b" },
        { "https-proxy=http://h:80", "https-proxy=http://h:80" },
        { "a=http://u:S@h b=http://v:S@i", "a=http://***@h b=http://***@i" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *got = prc_mask_line (rows[i].line);

        assert_string_equal (got, rows[i].expected);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (mask_url_text__userinfo__hidden),
        cmocka_unit_test (mask_line__lines_of_real_files__secret_gone),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
