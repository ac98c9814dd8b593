#include "test.h"

#include "home.h"

#include "model/secret-search.h"
#include "planner/wanted.h"

#define PROXY "proxy.example:3128"

static const char *const passwords[] = {
    "p@ss:w/rd#1%", "a b\"c'd\\e$f", "ünï✓word",  "100%;#x",     "!h$(id)",     "back\\slash\\",
    " leading",     "trailing ",     "%41%40xy",  "${HOME}x",    "`id`x`y`",    "'quote'd'",
    "\"double\"",   "//authority",   "=equals=",  "#leads",      "a&b<c>d",     "$$money$$",
    "%%per%%cent",  "''''''",        "ÄÖÜßäöü",   "日本語",      "[br{ac}ets]", "comma,semi;",
    "pi|pe~tilde",  "Summer2023",    "?quest*st", "\\n\\t\\x41", "${unset?}",
};

typedef struct {
    TestHome home;
    PrcPasswordRules rules;
} Change;

static void
change_init (Change *change, const char *old, const char *fresh)
{
    test_home_init (&change->home);
    test_home_profile (&change->home, "office", "http=http://" PROXY, "https=http://" PROXY,
                       "user=jdoe", NULL);
    test_home_password (&change->home, fresh);
    change->rules =
        (PrcPasswordRules){ prc_secret_new (old, strlen (old)),
                            g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_unref) };
    change->home.options.passwords = &change->rules;
}

static void
change_clear (Change *change)
{
    prc_secret_unref (change->rules.old);
    g_ptr_array_unref (change->rules.older);
    test_home_clear (&change->home);
}

static void
plan (Change *change, const char *tool)
{
    GError *error = NULL;

    assert_true (test_home_plan (&change->home, tool, &error));
    assert_no_error (error);
}

static void
assert_result (Change *change, const char *path, const char *wanted)
{
    g_autofree char *text = test_home_result (&change->home, path);

    if (text == NULL)
        fail_msg ("%s: no edit", path);
    assert_string_equal (text, wanted);
}

/* Every place of every tool, in the spelling that people use: only the password is another. */
static void
password__every_place__only_the_password_changes (void **state)
{
    static const struct {
        const char *tool, *path, *before, *after;
    } rows[] = {
        { "git", ".gitconfig",
          "[http]\n\tproxy = http://jdoe:old@" PROXY "/ ; office\n"
          "[http \"https://git.corp/\"]\n\tproxy = \"http://jdoe:old@" PROXY "\"\n"
          "[remote \"up\"]\n\tproxy = http://jdoe:o%6Cd@" PROXY "\n"
          "[https]\n\tproxy = http://jdoe:old@" PROXY "\n",
          "[http]\n\tproxy = http://jdoe:n%23w@" PROXY "/ ; office\n"
          "[http \"https://git.corp/\"]\n\tproxy = \"http://jdoe:n%23w@" PROXY "\"\n"
          "[remote \"up\"]\n\tproxy = http://jdoe:n%23w@" PROXY "\n"
          "[https]\n\tproxy = http://jdoe:n%23w@" PROXY "\n" },
        { "npm", ".npmrc",
          "; x\nproxy=http://jdoe:old@" PROXY "\nhttps-proxy=\"http://jdoe:older@" PROXY "\"\n",
          "; x\nproxy=http://jdoe:n%23w@" PROXY "\nhttps-proxy=\"http://jdoe:n%23w@" PROXY "\"\n" },
        { "pip", ".pip/pip.conf", "[install]\nproxy: http://jdoe:old@" PROXY "\n",
          "[install]\nproxy: http://jdoe:n%23w@" PROXY "\n" },
        { "pip", ".config/pip/pip.conf",
          "[global]\r\nproxy = http://jdoe:old@" PROXY
          "\r\n[download]\r\nproxy=http://jdoe:old@" PROXY "\r\n",
          "[global]\r\nproxy = http://jdoe:n%23w@" PROXY
          "\r\n[download]\r\nproxy=http://jdoe:n%23w@" PROXY "\r\n" },
        { "curl", ".curlrc", "proxy = " PROXY "\nproxy-user = \"jdoe:o\\ld\"\n",
          "proxy = " PROXY "\nproxy-user = \"jdoe:n%23w\"\n" },
        { "curl", ".config/curlrc", "-x http://jdoe:old@" PROXY "\n-U jdoe:old # mine\n",
          "-x http://jdoe:n%23w@" PROXY "\n-U jdoe:n%23w # mine\n" },
        { "wget", ".wgetrc",
          "http_proxy = http://" PROXY "\nproxy_user = jdoe\nproxy_password = old\n",
          "http_proxy = http://" PROXY "\nproxy_user = jdoe\nproxy_password = n#w\n" },
        { "wget", ".wgetrc", "https_proxy = http://jdoe:old@" PROXY "/\n",
          "https_proxy = http://jdoe:n%23w@" PROXY "/\n" },
        { "env", ".bashrc",
          "export PIP_PROXY='http://jdoe:old@" PROXY "' RSYNC_PROXY=jdoe:old@" PROXY "\n",
          "export PIP_PROXY='http://jdoe:n%23w@" PROXY "' RSYNC_PROXY=jdoe:n%23w@" PROXY "\n" },
        { "env", ".zshenv", "export http_proxy=http://jdoe:'old'@" PROXY " # z\n",
          "export http_proxy='http://jdoe:n%23w@" PROXY "' # z\n" },
        { "env", ".config/fish/config.fish", "set -gx https_proxy 'http://jdoe:old@" PROXY "'\n",
          "set -gx https_proxy 'http://jdoe:n%23w@" PROXY "'\n" },
        { "env", ".cshrc", "setenv http_proxy http://jdoe:old@" PROXY "\n",
          "setenv http_proxy http://jdoe:n%23w@" PROXY "\n" },
        { "env", ".config/environment.d/9.conf", "all_proxy=http://jdoe:old@" PROXY "\n",
          "all_proxy=http://jdoe:n%23w@" PROXY "\n" },
        { "env", ".pam_environment", "HTTP_PROXY=\"http://jdoe:old@" PROXY "\"\n",
          "HTTP_PROXY=\"http://jdoe:n%23w@" PROXY "\"\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        Change change;

        change_init (&change, "old", "n#w");
        test_home_write (&change.home, rows[i].path, rows[i].before);
        plan (&change, rows[i].tool);
        assert_result (&change, rows[i].path, rows[i].after);
        assert_int_equal (prc_plan_notes (change.home.plan)->len, 0);
        change_clear (&change);
    }
}

/* Whatever the old one was, and whatever the new one is: the tool reads the new one. */
static void
password__hard_ones__read_back (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++) {
        const char *old = passwords[i], *fresh = passwords[(i + 7) % G_N_ELEMENTS (passwords)];
        g_autofree char *pct = prc_percent_encode (old);
        g_autofree char *twice = prc_percent_encode (pct);
        const char *const forms[] = { pct, twice };
        Change change;

        change_init (&change, old, fresh);
        for (gsize f = 0; f < G_N_ELEMENTS (forms); f++) {
            g_autofree char *url = g_strdup_printf ("http://jdoe:%s@" PROXY, forms[f]);
            g_autofree char *npmrc = g_strdup_printf ("proxy = %s\n", url);
            g_autofree char *profile = g_strdup_printf ("export http_proxy=\"%s\"\n", url);

            test_home_write (&change.home, f == 0 ? ".npmrc" : ".npmrc2", npmrc);
            test_home_write (&change.home, f == 0 ? ".profile" : ".bashrc", profile);
        }
        plan (&change, "npm");
        plan (&change, "env");
        for (guint e = 0; e < prc_plan_edits (change.home.plan)->len; e++) {
            const PrcFileEdit *edit = g_ptr_array_index (prc_plan_edits (change.home.plan), e);
            const PrcEntry *entry = g_ptr_array_index (prc_document_entries (edit->doc), 0);
            g_autoptr (PrcProxyUrl) url =
                prc_proxy_url_parse (entry->value, &edit->tool->url, NULL);

            assert_non_null (url);
            assert_string_equal (prc_secret_text (url->password), fresh);
        }
        assert_int_equal (prc_plan_edits (change.home.plan)->len, 3);
        assert_int_equal (change.rules.older->len, strcmp (pct, twice) == 0 ? 0 : 1);
        change_clear (&change);
    }
}

static void
password__not_ours__left_alone (void **state)
{
    Change change;

    (void) state;
    change_init (&change, "old", "new");
    test_home_write (&change.home, ".gitconfig",
                     "[http]\n\tproxy = http://jim:old@" PROXY "\n"
                     "[http \"http://a/\"]\n\tproxy = http://jdoe:old@other.example:3128\n"
                     "[http \"http://b/\"]\n\tproxy = http://jdoe:old@proxy.example:3129\n"
                     "[http \"http://c/\"]\n\tproxy = socks5://jdoe:old@" PROXY "\n"
                     "[http \"http://d/\"]\n\tproxy = http://jdoe@" PROXY "\n"
                     "[user]\n\tname = jdoe:old@" PROXY "x\n");
    test_home_write (&change.home, ".curlrc",
                     "proxy = http://other.example:1\nproxy-user = jdoe:old\nuser = jdoe:old\n");
    test_home_write (&change.home, ".wgetrc", "proxy_user = jim\nproxy_password = old\n");
    plan (&change, "git");
    plan (&change, "curl");
    plan (&change, "wget");
    assert_int_equal (prc_plan_edits (change.home.plan)->len, 0);
    assert_int_equal (change.rules.older->len, 0);
    change_clear (&change);
}

/* As people write it who know nothing of encodings: the tool can't use it, but it is the password.
 */
static void
password__raw_at_sign__replaced (void **state)
{
    Change change;

    (void) state;
    change_init (&change, "p@ss", "new");
    test_home_write (&change.home, ".curlrc", "proxy = http://jdoe:p@ss@" PROXY "\n");
    plan (&change, "curl");
    assert_result (&change, ".curlrc", "proxy = http://jdoe:new@" PROXY "\n");
    change_clear (&change);
}

static void
password__tool_cannot_hold_it__old_one_goes (void **state)
{
    Change change;

    (void) state;
    change_init (&change, "old", "a%41b");
    test_home_write (&change.home, ".gitconfig", "[http]\n\tproxy = http://jdoe:old@" PROXY "\n");
    test_home_write (&change.home, ".wgetrc", "proxy_user = jdoe\nproxy_password = old\n");
    {
        PrcTool *git = (PrcTool *) prc_catalogue_find (change.home.catalogue, "git");

        git->url.decodes_twice = TRUE;
    }
    plan (&change, "git");
    assert_result (&change, ".gitconfig", "[http]\n\tproxy = http://" PROXY "\n");
    assert_int_equal (test_home_note (&change.home, "can't be given this password")->kind,
                      PRC_NOTE_UNSERVED);
    change_clear (&change);

    change_init (&change, "old", "trailing ");
    test_home_write (&change.home, ".wgetrc",
                     "proxy_user = jdoe\nproxy_password = old\nquiet = on\n");
    plan (&change, "wget");
    assert_result (&change, ".wgetrc", "proxy_user = jdoe\nquiet = on\n");
    assert_non_null (test_home_note (&change.home, "can't be given this password"));
    change_clear (&change);
}

static void
password__tracked_file__old_one_goes_no_new_comes (void **state)
{
    Change change;

    (void) state;
    change_init (&change, "old", "new");
    test_home_write (&change.home, ".npmrc", "proxy = http://jdoe:old@" PROXY "\n");
    test_home_write (&change.home, ".git/HEAD", "ref: refs/heads/main\n");
    /* An index that can't be read counts as one that tracks everything. */
    test_home_write (&change.home, ".git/index", "DIRC\0\0\0\x09");
    plan (&change, "npm");
    assert_result (&change, ".npmrc", "proxy = http://" PROXY "\n");
    assert_non_null (test_home_note (&change.home, "git tracks this file"));
    change_clear (&change);

    change_init (&change, "old", "new");
    change.home.options.allow_exposed = TRUE;
    test_home_write (&change.home, ".npmrc", "proxy = http://jdoe:old@" PROXY "\n");
    test_home_write (&change.home, ".git/HEAD", "ref: refs/heads/main\n");
    test_home_write (&change.home, ".git/index", "DIRC\0\0\0\x09");
    plan (&change, "npm");
    assert_result (&change, ".npmrc", "proxy = http://jdoe:new@" PROXY "\n");
    change_clear (&change);
}

static void
password__placement_reference__no_file_gets_it (void **state)
{
    Change change;

    (void) state;
    change_init (&change, "old", "new");
    test_home_profile (&change.home, "office", "http=http://" PROXY, "https=http://" PROXY,
                       "user=jdoe", "placement=npm=reference", NULL);
    test_home_write (&change.home, ".npmrc", "proxy = http://jdoe:old@" PROXY "\n");
    plan (&change, "npm");
    assert_result (&change, ".npmrc", "proxy = http://" PROXY "\n");
    assert_non_null (test_home_note (&change.home, "wants in no file"));
    change_clear (&change);
}

static void
scrub__comments__masked_and_nothing_else (void **state)
{
    static const char before[] = "# old: http://jdoe:Summer2023@" PROXY "\n"
                                 "proxy = http://jdoe:Summer2023@" PROXY "\n"
                                 ";x Summer2023 and Summer%32023\n"
                                 "//r.example/:_password = Summer2023\n";
    Change change;
    g_autoptr (GPtrArray) searches =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_search_free);

    (void) state;
    change_init (&change, "Summer2023", "new");
    g_ptr_array_add (searches, prc_secret_search_new ("jdoe", change.rules.old));
    test_home_write (&change.home, ".npmrc", before);
    plan (&change, "npm");
    assert_int_equal (
        prc_plan_scrub (change.home.plan, g_ptr_array_index (change.home.found, 0), searches), 3);
    assert_result (&change, ".npmrc",
                   "# old: http://jdoe:***@" PROXY "\n"
                   "proxy = http://jdoe:new@" PROXY "\n"
                   ";x *** and ***\n"
                   "//r.example/:_password = Summer2023\n");
    change_clear (&change);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (password__every_place__only_the_password_changes),
        cmocka_unit_test (password__hard_ones__read_back),
        cmocka_unit_test (password__not_ours__left_alone),
        cmocka_unit_test (password__raw_at_sign__replaced),
        cmocka_unit_test (password__tool_cannot_hold_it__old_one_goes),
        cmocka_unit_test (password__tracked_file__old_one_goes_no_new_comes),
        cmocka_unit_test (password__placement_reference__no_file_gets_it),
        cmocka_unit_test (scrub__comments__masked_and_nothing_else),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
