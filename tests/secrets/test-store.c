/* What the port promises, held against every store. */
#include "test.h"

#include <unistd.h>

#include "base/fs.h"
#include "secrets/memory.h"
#include "secrets/plain.h"
#include "secrets/secret-service.h"
#include "secrets/vault.h"
#include "store-fixture.h"

static PrcStore *
new_vault (const char *dir)
{
    g_autofree char *path = g_build_filename (dir, "vault", NULL);
    PrcStore *vault = prc_vault_new (path, &prc_vault_limits_least);
    TestAsk ask;

    assert_true (prc_store_unlock (vault, test_ask_init (&ask, "pass"), NULL));
    test_ask_clear (&ask);
    return vault;
}

static PrcStore *
new_plain (const char *dir)
{
    g_autofree char *path = g_build_filename (dir, "plain.json", NULL);

    return prc_plain_new (path);
}

static PrcStore *
new_memory (const char *dir)
{
    (void) dir;
    return prc_memory_store_new (NULL);
}

/* Only on a bus of the test's own (with-keyring.py): never in the keyring of whoever runs the
 * tests. */
static PrcStore *
new_secret_service (const char *dir)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) refs = NULL;
    PrcStore *store = NULL;

    if (g_getenv ("PRC_TEST_KEYRING") == NULL)
        return NULL;
    store = prc_store_open (prc_secret_service_driver.name, dir, &error);
    assert_no_error (error);
    assert_int_equal (prc_store_state (store), PRC_STORE_OPEN);
    refs = prc_store_list (store, &error);
    assert_no_error (error);
    for (guint i = 0; i < refs->len; i++)
        assert_true (prc_store_erase (store, g_ptr_array_index (refs, i), NULL, &error));
    return store;
}

static PrcStore *(*const stores[]) (const char *dir) = {
    new_vault,
    new_plain,
    new_memory,
    new_secret_service,
};

/* Runs @body with a fresh one of each. */
static void
with_each_store (void (*body) (PrcStore *store))
{
    for (gsize i = 0; i < G_N_ELEMENTS (stores); i++) {
        char *dir = prc_test_dir_new ();
        PrcStore *store = stores[i](dir);

        if (store != NULL)
            body (store);
        prc_store_free (store);
        prc_test_dir_remove (dir);
    }
}

static void
check_hard_passwords (PrcStore *store)
{
    for (guint i = 0; hard_passwords[i] != NULL; i++) {
        g_autofree char *got = NULL;

        test_store_put (store, "http://u%40%3A%2F@h:1", hard_passwords[i]);
        got = test_store_get (store, "http://u%40%3A%2F@h:1");
        assert_string_equal (got, hard_passwords[i]);
    }
}

static void
store__hard_passwords__come_back (void **state)
{
    (void) state;
    with_each_store (check_hard_passwords);
}

static void
check_any_bytes (PrcStore *store)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (100);
    g_autoptr (PrcCredentialRef) ref = test_ref ("http://u@h:1");

    for (guint i = 0; i < n; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcSecret) secret = NULL;
        g_autoptr (PrcSecret) got = NULL;
        char bytes[64];
        gsize length = (gsize) g_rand_int_range (rand, 0, sizeof bytes);

        for (gsize k = 0; k < length; k++)
            bytes[k] = (char) g_rand_int_range (rand, 0, 256);
        secret = prc_secret_new (bytes, length);
        assert_true (prc_store_store (store, ref, secret, &error));
        assert_true (prc_store_lookup (store, ref, NULL, &got, &error));
        assert_no_error (error);
        assert_true (prc_secret_equal (got, secret));
    }
}

static void
store__any_bytes__come_back (void **state)
{
    (void) state;
    with_each_store (check_any_bytes);
}

/* Stored for one proxy and user; asked for with each part changed. */
static void
check_binding (PrcStore *store)
{
    static const char *const others[] = {
        "https://alice@proxy.example:3128",
        "http://alice@proxy.example:3129",
        "http://alice@proxy.example.org:3128",
        "http://alice@roxy.example:3128",
        "http://bob@proxy.example:3128",
        "http://Alice@proxy.example:3128",
        "http://@proxy.example:3128",
        "https://proxy.example:3128",
        "http://proxy.example:1",
    };

    test_store_put (store, "http://alice@proxy.example:3128", "s3cret");
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
        g_autofree char *got = test_store_get (store, others[i]);

        assert_null (got);
    }
}

static void
store__another_proxy_or_user__not_found (void **state)
{
    (void) state;
    with_each_store (check_binding);
}

static char *
found_user (PrcStore *store, const char *pattern_text)
{
    g_autoptr (PrcCredentialRef) pattern = test_ref (pattern_text);
    g_autoptr (PrcCredentialRef) found = NULL;

    return prc_store_lookup (store, pattern, &found, NULL, NULL) ? g_strdup (found->user) : NULL;
}

static void
assert_found_user (PrcStore *store, const char *pattern_text, const char *expected)
{
    g_autofree char *user = found_user (store, pattern_text);

    assert_int_equal (g_strcmp0 (user, expected), 0);
}

static void
assert_list (PrcStore *store, const char *expected)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) refs = prc_store_list (store, &error);
    g_autoptr (GString) text = g_string_new (NULL);

    assert_no_error (error);
    for (guint i = 0; i < refs->len; i++) {
        g_autofree char *line = prc_credential_ref_to_text (g_ptr_array_index (refs, i));

        g_string_append_printf (text, "%s ", line);
    }
    assert_string_equal (text->str, expected);
}

static void
check_lookup_by_proxy (PrcStore *store)
{
    test_store_put (store, "http://alice@h:1", "a");
    test_store_put (store, "http://bob@h:1", "b");
    test_store_put (store, "http://carol@other:1", "c");
    assert_found_user (store, "http://h:1", "bob");
    assert_found_user (store, "http://alice@h:1", "alice");
    /* Storing the same again makes it the last stored, and does not make a second one. */
    test_store_put (store, "http://alice@h:1", "a");
    assert_found_user (store, "http://h:1", "alice");
    assert_found_user (store, "http://nowhere:1", NULL);
    assert_list (store, "http://bob@h:1 http://carol@other:1 http://alice@h:1 ");
}

static void
store__lookup_by_proxy__last_stored_user (void **state)
{
    (void) state;
    with_each_store (check_lookup_by_proxy);
}

static gboolean
erased (PrcStore *store, const char *pattern_text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcCredentialRef) pattern = test_ref (pattern_text);
    gboolean result = FALSE;

    assert_true (prc_store_erase (store, pattern, &result, &error));
    assert_no_error (error);
    return result;
}

static void
check_erase (PrcStore *store)
{
    assert_false (erased (store, "http://h:1"));
    assert_list (store, "");
    test_store_put (store, "http://alice@h:1", "a");
    test_store_put (store, "http://bob@h:1", "b");
    test_store_put (store, "http://bob@other:1", "c");
    assert_false (erased (store, "http://carol@h:1"));
    assert_list (store, "http://alice@h:1 http://bob@h:1 http://bob@other:1 ");
    assert_true (erased (store, "http://bob@h:1"));
    assert_list (store, "http://alice@h:1 http://bob@other:1 ");
    test_store_put (store, "http://bob@h:1", "b");
    assert_true (erased (store, "http://h:1"));
    assert_list (store, "http://bob@other:1 ");
    assert_false (erased (store, "http://h:1"));
    assert_true (erased (store, "http://other:1"));
    assert_list (store, "");
}

static void
store__erase__only_what_matches (void **state)
{
    (void) state;
    with_each_store (check_erase);
}

static void
check_errors (PrcStore *store)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcCredentialRef) ref = test_ref ("http://alice@proxy.example:3128");

    assert_false (prc_store_lookup (store, ref, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_NOT_FOUND);
    assert_non_null (strstr (error->message, "http://alice@proxy.example:3128"));
}

static void
store__not_found__says_for_what (void **state)
{
    (void) state;
    with_each_store (check_errors);
}

static void
check_many (PrcStore *store)
{
    for (guint i = 0; i < 60; i++) {
        g_autofree char *ref = g_strdup_printf ("http://u@h%u:1", i);
        g_autofree char *secret = g_strnfill (i * 10, 's');

        test_store_put (store, ref, secret);
    }
    for (guint i = 0; i < 60; i++) {
        g_autofree char *ref = g_strdup_printf ("http://h%u:1", i);
        g_autofree char *got = test_store_get (store, ref);

        assert_int_equal (strlen (got), i * 10);
    }
}

static void
store__dozens__all_kept (void **state)
{
    (void) state;
    with_each_store (check_many);
}

static void
memory__with_passphrase__locked_until_it_is_given (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) store = prc_memory_store_new ("pass");
    g_autoptr (PrcCredentialRef) ref = test_ref ("http://u@h:1");
    TestAsk ask;

    (void) state;
    assert_int_equal (prc_store_state (store), PRC_STORE_LOCKED);
    assert_false (prc_store_lookup (store, ref, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    g_clear_error (&error);
    assert_false (prc_store_unlock (store, test_ask_init (&ask, "wrong"), &error));
    assert_error (error, PRC_ERROR_LOCKED);
    test_ask_clear (&ask);
    assert_true (prc_store_unlock (store, test_ask_init (&ask, "pass"), NULL));
    test_ask_clear (&ask);
    test_store_put (store, "http://u@h:1", "s");
    assert_true (prc_store_lock (store, NULL));
    assert_int_equal (prc_store_state (store), PRC_STORE_LOCKED);
}

static void
open__by_name__that_one (void **state)
{
    gsize n = 0;
    const PrcStoreDriver *const *drivers = prc_store_drivers (&n);

    (void) state;
    assert_true (n >= 2);
    for (gsize i = 0; i < n; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcStore) store = NULL;

        if (drivers[i] == &prc_secret_service_driver)
            continue;
        store = prc_store_open (drivers[i]->name, "/nonexistent/proxyrc", &error);
        assert_no_error (error);
        assert_string_equal (prc_store_name (store), drivers[i]->name);
        assert_true (strlen (drivers[i]->summary) > 0);
        assert_true (g_str_has_prefix (prc_store_place (store), "/nonexistent/proxyrc/"));
        assert_int_equal (prc_store_state (store), PRC_STORE_EMPTY);
    }
}

static void
open__without_name__never_the_one_in_clear_text (void **state)
{
    g_autoptr (PrcStore) store = prc_store_open (NULL, "/nonexistent", NULL);
    gboolean with_keyring = g_getenv ("PRC_TEST_KEYRING") != NULL;

    (void) state;
    assert_string_equal (prc_store_name (store), with_keyring ? "secret-service" : "vault");
}

static void
open__unknown_name__names_the_known (void **state)
{
    static const char *const names[] = { "memory", "", "Vault", "keyring" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_store_open (names[i], "/nonexistent", &error));
        assert_error (error, PRC_ERROR_USAGE);
        assert_non_null (strstr (error->message, "secret-service, vault, plain"));
    }
}

/* Written by somebody else, as one file among others, the draft is what storing would have made. */
static void
check_draft (PrcStore *store)
{
    g_autoptr (PrcSecret) secret = prc_secret_new ("new", 3);
    g_autoptr (GPtrArray) refs =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_credential_ref_free);
    g_autoptr (PrcStoreDraft) draft = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autofree char *other = NULL;

    g_ptr_array_add (refs, prc_credential_ref_from_text ("http://u@h:1", NULL));
    g_ptr_array_add (refs, prc_credential_ref_from_text ("http://u@h:2", NULL));
    test_store_put (store, "http://u@h:1", "old");
    test_store_put (store, "http://u@h:3", "other");
    draft = prc_store_draft (store, refs, secret, &error);
    if (!prc_store_is_file (store)) {
        assert_null (draft);
        assert_error (error, PRC_ERROR_UNSUPPORTED);
        return;
    }
    assert_no_error (error);
    before = test_store_get (store, "http://u@h:1");
    assert_string_equal (before, "old");
    assert_true (g_file_set_contents_full (draft->path, g_bytes_get_data (draft->after, NULL),
                                           (gssize) g_bytes_get_size (draft->after),
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    after = test_store_get (store, "http://u@h:2");
    assert_string_equal (after, "new");
    other = test_store_get (store, "http://u@h:3");
    assert_string_equal (other, "other");
    g_clear_pointer (&draft, prc_store_draft_free);
    draft = prc_store_draft (store, refs, secret, &error);
    assert_no_error (error);
    prc_fd_clear (&draft->lock);
    assert_true (g_bytes_equal (draft->before, draft->after)); /* nothing would change */
    {
        g_autoptr (PrcSecret) former = NULL;

        test_store_put (store, "http://u@h:1", "newest");
        assert_true (prc_store_lookup_former (store, draft->before, g_ptr_array_index (refs, 0),
                                              &former, &error));
        assert_no_error (error);
        assert_string_equal (prc_secret_text (former), "new");
    }
}

static void
store__draft__what_storing_would_make (void **state)
{
    (void) state;
    with_each_store (check_draft);
}

static void
assert_stored (PrcStore *store, const char *ref_text, const char *secret)
{
    g_autofree char *now = test_store_get (store, ref_text);

    if (secret == NULL)
        assert_null (now);
    else
        assert_string_equal (now != NULL ? now : "(none)", secret);
}

/* What a change has made of two credentials goes back, whatever else has come or gone since. */
static void
check_take_back (PrcStore *store)
{
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    g_autoptr (GBytes) before = NULL;
    g_autoptr (GBytes) made = NULL;
    g_autoptr (PrcStoreDraft) draft = NULL;
    g_autoptr (GError) error = NULL;

    if (!prc_store_is_file (store)) {
        assert_null (prc_store_take_back (store, NULL, empty, &error));
        assert_error (error, PRC_ERROR_UNSUPPORTED);
        return;
    }
    test_store_put (store, "http://u@h:1", "old");
    before = test_contents (prc_store_place (store));
    test_store_put (store, "http://u@h:1", "new");
    test_store_put (store, "http://u@h:2", "new");
    made = test_contents (prc_store_place (store));
    test_store_put (store, "http://u@h:3", "other");
    draft = prc_store_take_back (store, before, made, &error);
    assert_no_error (error);
    assert_stored (store, "http://u@h:1", "new");
    test_write (draft->path, draft->after, 0600);
    g_clear_pointer (&draft, prc_store_draft_free);
    assert_stored (store, "http://u@h:1", "old");
    assert_stored (store, "http://u@h:2", NULL);
    assert_stored (store, "http://u@h:3", "other");

    draft = prc_store_take_back (store, before, made, &error);
    assert_no_error (error);
    assert_true (g_bytes_equal (draft->before, draft->after)); /* it is so already */
    g_clear_pointer (&draft, prc_store_draft_free);
    test_store_put (store, "http://u@h:1", "newest");
    assert_null (prc_store_take_back (store, before, made, &error));
    assert_error (error, PRC_ERROR_CHANGED);
    assert_non_null (strstr (error->message, "http://u@h:1"));
    assert_stored (store, "http://u@h:1", "newest");
}

static void
store__take_back__only_what_was_changed (void **state)
{
    (void) state;
    with_each_store (check_take_back);
}

static void
vault__take_back__needs_the_passphrase_of_then (void **state)
{
    char *dir = prc_test_dir_new ();
    PrcStore *first = new_vault (dir), *second = NULL;
    g_autoptr (GBytes) made = NULL;
    g_autoptr (GError) error = NULL;

    (void) state;
    test_store_put (first, "http://u@h:1", "new");
    made = test_contents (prc_store_place (first));
    assert_int_equal (unlink (prc_store_place (first)), 0);
    second = new_vault (dir);
    test_store_put (second, "http://u@h:1", "newest");
    assert_null (prc_store_take_back (second, NULL, made, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    assert_stored (second, "http://u@h:1", "newest");
    prc_store_free (first);
    prc_store_free (second);
    prc_test_dir_remove (dir);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (store__draft__what_storing_would_make),
    cmocka_unit_test (store__take_back__only_what_was_changed),
    cmocka_unit_test (vault__take_back__needs_the_passphrase_of_then),
    cmocka_unit_test (store__hard_passwords__come_back),
    cmocka_unit_test (store__any_bytes__come_back),
    cmocka_unit_test (store__another_proxy_or_user__not_found),
    cmocka_unit_test (store__lookup_by_proxy__last_stored_user),
    cmocka_unit_test (store__erase__only_what_matches),
    cmocka_unit_test (store__not_found__says_for_what),
    cmocka_unit_test (store__dozens__all_kept),
    cmocka_unit_test (memory__with_passphrase__locked_until_it_is_given),
    cmocka_unit_test (open__by_name__that_one),
    cmocka_unit_test (open__without_name__never_the_one_in_clear_text),
    cmocka_unit_test (open__unknown_name__names_the_known),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
