#include "test.h"

#include <sys/stat.h>

#include "store-fixture.h"

const char *const hard_passwords[] = {
    "p@ss:w/rd#1%",
    "a b\"c'd\\e$f",
    "\xC3\xBCn\xC3\xAF\xE2\x9C\x93",
    "100%;#",
    "!history$(id)",
    " blanks around ",
    "\ttab\r\nand lines\n",
    "",
    "\xFF\xFEnot utf-8\x80",
    "{\"json\": \"\\u0000\"}",
    "%41%40x",
    NULL,
};

static gboolean
answer (gpointer data, gboolean confirm_new, const char *why, PrcSecret **ret, GError **error)
{
    TestAsk *self = data;

    self->asked++;
    self->asked_for_new += confirm_new ? 1 : 0;
    g_free (self->why);
    self->why = g_strdup (why);
    if (self->passphrase == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, "nobody answers");
        return FALSE;
    }
    *ret = prc_secret_new (self->passphrase, strlen (self->passphrase));
    return TRUE;
}

PrcStoreAsk *
test_ask_init (TestAsk *ask, const char *passphrase)
{
    *ask = (TestAsk){ .ask = { .passphrase = answer, .data = ask }, .passphrase = passphrase };
    return &ask->ask;
}

void
test_ask_clear (TestAsk *ask)
{
    g_free (ask->why);
    ask->why = NULL;
}

PrcCredentialRef *
test_ref (const char *text)
{
    g_autoptr (GError) error = NULL;
    PrcCredentialRef *ref = prc_credential_ref_from_text (text, &error);

    assert_no_error (error);
    return ref;
}

void
test_store_put (PrcStore *store, const char *ref_text, const char *secret)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcCredentialRef) ref = test_ref (ref_text);
    g_autoptr (PrcSecret) value = prc_secret_new (secret, strlen (secret));
    gboolean stored = prc_store_store (store, ref, value, &error);

    assert_no_error (error);
    assert_true (stored);
}

char *
test_store_get (PrcStore *store, const char *ref_text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcCredentialRef) ref = test_ref (ref_text);
    g_autoptr (PrcSecret) secret = NULL;

    if (prc_store_lookup (store, ref, NULL, &secret, &error)) {
        assert_int_equal (strlen (prc_secret_text (secret)), prc_secret_length (secret));
        return g_strdup (prc_secret_text (secret));
    }
    assert_error (error, PRC_ERROR_NOT_FOUND);
    return NULL;
}

GBytes *
test_contents (const char *path)
{
    g_autoptr (GError) error = NULL;
    char *bytes = NULL;
    gsize size = 0;

    (void) g_file_get_contents (path, &bytes, &size, &error);
    assert_no_error (error);
    return g_bytes_new_take (bytes, size);
}

void
test_write (const char *path, GBytes *bytes, guint mode)
{
    g_autoptr (GError) error = NULL;
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);

    (void) g_file_set_contents (path, data != NULL ? data : "", (gssize) size, &error);
    assert_no_error (error);
    assert_int_equal (chmod (path, (mode_t) mode), 0);
}

gboolean
test_holds (GBytes *bytes, const char *text)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);

    return memmem (data, size, text, strlen (text)) != NULL;
}

guint
test_mode (const char *path)
{
    struct stat st;

    assert_int_equal (lstat (path, &st), 0);
    return (guint) st.st_mode & 07777;
}
