/* test-ticket.c - files of Kerberos tickets, whole and broken */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/ticket.h"

/* The start of a real one, as MIT 1.20 writes it: a header, then jdoe@RIG.TEST. */
static const char whole[] = "\x05\x04\0\x0c\0\x01\0\x08\xff\xff\xff\xff\0\0\0\0"
                            "\0\0\0\x01\0\0\0\x01\0\0\0\x08RIG.TEST\0\0\0\x04jdoe";

static gboolean
is_sound (const char *bytes, gsize length)
{
    char name[] = "/tmp/proxyrc-ticket-XXXXXX";
    g_autofree char *setting = NULL;
    int fd = mkstemp (name);
    gboolean sound;

    assert_true (fd >= 0);
    assert_int_equal (write (fd, bytes, length), (gssize) length);
    close (fd);
    setting = g_strconcat ("FILE:", name, NULL);
    sound = prc_ticket_is_sound (setting);
    assert_int_equal (prc_ticket_is_sound (name), sound);
    unlink (name);
    return sound;
}

static void
ticket__whole__sound (void **state)
{
    (void) state;
    assert_true (is_sound (whole, sizeof whole - 1));
    assert_true (is_sound ("\x05\x03\0\0\0\x01\0\0\0\0\0\0\0\x01R", 15));
}

static void
ticket__cut_anywhere__not_sound (void **state)
{
    (void) state;
    for (gsize length = 0; length < sizeof whole - 1; length++)
        assert_false (is_sound (whole, length));
}

static void
ticket__garbage__not_sound (void **state)
{
    char text[200];

    (void) state;
    memset (text, 0xff, sizeof text);
    assert_false (is_sound (text, sizeof text));
    assert_false (is_sound ("this is no ticket\n", 18));
    memcpy (text, whole, 28);
    assert_false (is_sound (text, sizeof text)); /* more components than there can be */
}

static void
ticket__no_file__sound (void **state)
{
    (void) state;
    assert_true (prc_ticket_is_sound ("FILE:/no/such/file"));
    assert_true (prc_ticket_is_sound ("DIR:/tmp"));
    assert_true (prc_ticket_is_sound ("KEYRING:persistent:0"));
    assert_true (prc_ticket_is_sound ("KCM:"));
}

static void
ticket__names__files (void **state)
{
    static const struct {
        const char *name, *path;
    } rows[] = {
        { "FILE:/tmp/a", "/tmp/a" },       { "/tmp/a", "/tmp/a" }, { "DIR:/run/cc", "/run/cc" },
        { "DIR::/run/cc/t", "/run/cc/t" }, { "KCM:0", NULL },      { "MEMORY:x", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = prc_ticket_file (rows[i].name);

        assert_true (g_strcmp0 (path, rows[i].path) == 0);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (ticket__whole__sound),
        cmocka_unit_test (ticket__cut_anywhere__not_sound),
        cmocka_unit_test (ticket__garbage__not_sound),
        cmocka_unit_test (ticket__no_file__sound),
        cmocka_unit_test (ticket__names__files),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
