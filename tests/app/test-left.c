#include "test.h"

#include "app/left-credentials.h"
#include "app/left-places.h"
#include "model/secret-search.h"

static GPtrArray *
searches_for (const char *password)
{
    GPtrArray *searches = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_search_free);
    g_autoptr (PrcSecret) secret = prc_secret_new (password, strlen (password));

    g_ptr_array_add (searches, prc_secret_search_new ("joe", secret));
    return searches;
}

/* Each row: a history, what is left of it, and the lines on which the removed entries begin. */
static const struct {
    PrcTypedShape shape;
    const char *before, *after;
    guint lines[4];
} rows[] = {
    { PRC_TYPED_LINES, "", "", { 0 } },
    { PRC_TYPED_LINES, "ls\ncd\n", "ls\ncd\n", { 0 } },
    { PRC_TYPED_LINES, "Winter2022x", "", { 1 } },
    { PRC_TYPED_LINES, "a\nx Winter2022x y\nb", "a\nb", { 2 } },
    { PRC_TYPED_LINES, "Winter2022x\nWinter%32022x\nb\n", "b\n", { 1, 2 } },
    { PRC_TYPED_LINES, "#170\nls\n#171\nWinter2022x\n#172\ncd\n", "#170\nls\n#172\ncd\n", { 4 } },
    { PRC_TYPED_LINES, "#170\nWinter2022x\n", "", { 2 } },
    { PRC_TYPED_LINES, "#+170\nWinter2022x\n#+171\nls\n", "#+171\nls\n", { 2 } },
    /* an entry of several lines: what is left of it keeps its time */
    { PRC_TYPED_LINES,
      "#170\nfor x\nWinter2022x\ndone\n#171\n",
      "#170\nfor x\ndone\n#171\n",
      { 3 } },
    { PRC_TYPED_LINES, "#170\nWinter2022x\nmore\n", "#170\nmore\n", { 2 } },
    { PRC_TYPED_LINES, "# 170\nWinter2022x\n", "# 170\n", { 2 } },
    { PRC_TYPED_ZSH,
      ": 1:0;ls\n: 2:0;a \\\nWinter2022x\\\nb\n: 3:0;cd\n",
      ": 1:0;ls\n: 3:0;cd\n",
      { 2 } },
    { PRC_TYPED_ZSH, ": 1:0;ends in \\ \n: 2:0;Winter2022x\n", ": 1:0;ends in \\ \n", { 2 } },
    { PRC_TYPED_ZSH, "Winter2022x \\\nno newline", "", { 1 } },
    { PRC_TYPED_FISH,
      "- cmd: ls\n  when: 1\n- cmd: Winter2022x\n  when: 2\n  paths:\n    - /x\n- cmd: cd\n",
      "- cmd: ls\n  when: 1\n- cmd: cd\n",
      { 3 } },
    { PRC_TYPED_FISH, "- cmd: ls\n  paths:\n    - Winter2022x\n", "", { 1 } },
};

static void
history__entries_with_a_password__only_they_go (void **state)
{
    g_autoptr (GPtrArray) searches = searches_for ("Winter2022x");

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GBytes) before = g_bytes_new_static (rows[i].before, strlen (rows[i].before));
        g_autoptr (GArray) lines = prc_typed_find (before, rows[i].shape, searches);
        g_autoptr (GBytes) after = prc_typed_without (before, rows[i].shape, searches);
        g_autofree char *text =
            g_strndup (g_bytes_get_data (after, NULL), g_bytes_get_size (after));

        assert_string_equal (text, rows[i].after);
        for (guint n = 0; n < lines->len; n++)
            assert_int_equal (g_array_index (lines, guint, n), rows[i].lines[n]);
        assert_int_equal (rows[i].lines[lines->len], 0);
    }
}

/* zsh writes the bytes 0x83 to 0xA2 as two. */
static void
history__zsh_metafied__found (void **state)
{
    g_autoptr (GPtrArray) searches = searches_for ("pÄsswÖrß");
    const char *password = "pÄsswÖrß";
    g_autoptr (GString) text = g_string_new (": 1:0;ls\n: 2:0;echo ");
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GBytes) after = NULL;

    (void) state;
    for (const char *p = password; *p != '\0'; p++) {
        if ((guchar) *p >= 0x83 && (guchar) *p <= 0xA2) {
            g_string_append_c (text, (char) 0x83);
            g_string_append_c (text, (char) (*p ^ 32));
        } else {
            g_string_append_c (text, *p);
        }
    }
    g_string_append_c (text, '\n');
    assert_null (strstr (text->str, password));
    bytes = g_bytes_new (text->str, text->len);
    after = prc_typed_without (bytes, PRC_TYPED_ZSH, searches);
    assert_int_equal (g_bytes_get_size (after), strlen (": 1:0;ls\n"));
}

/* Only lines for this user at this proxy, in both of git's spellings; every other byte stays. */
static void
credentials__lines_of_urls__only_ours_renewed (void **state)
{
    static const struct {
        const char *before, *after;
    } files[] = {
        { "http://joe:old@p.example:3128\n", "http://joe:n%25w%40@p.example:3128\n" },
        { "http://joe:o%6Cd@p.example%3a3128", "http://joe:n%25w%40@p.example%3a3128" },
        { "http://joe:p@ss@p.example:3128\r\n", NULL },
        { "https://me:x@git.example\nhttp://joe:1@p.example:3128\nhttp://joe:2@p.example:3128/\n# "
          "x",
          "https://me:x@git.example\nhttp://joe:n%25w%40@p.example:3128\nhttp://"
          "joe:n%25w%40@p.example:"
          "3128/\n# x" },
        { "http://jim:old@p.example:3128\nhttp://joe:old@p.example:3129\nhttp://"
          "joe@p.example:3128\n"
          "joe:old@p.example:3128\n\n@\n://@\n",
          NULL },
        { "http://joe:n%25w%40@p.example:3128\n", NULL },
        { "", NULL },
    };
    g_autoptr (PrcProfile) profile = prc_profile_new ("office");
    g_autoptr (PrcSecret) fresh = prc_secret_new ("n%w@", 4);
    PrcWanted wanted = { profile, "joe", fresh, FALSE };

    (void) state;
    assert_true (prc_profile_set (profile, "https", "http://p.example:3128", NULL));
    for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autoptr (GBytes) before = g_bytes_new_static (files[i].before, strlen (files[i].before));
        guint n = 0;
        g_autoptr (GBytes) after = prc_credential_lines_renew (before, &wanted, &n);
        g_autofree char *text =
            after != NULL ? g_strndup (g_bytes_get_data (after, NULL), g_bytes_get_size (after))
                          : NULL;

        if (g_strcmp0 (text, files[i].after) != 0)
            fail_msg ("%s became %s", files[i].before, text);
        assert_int_equal (n > 0, after != NULL);
    }
}

static void
copy__names__told_apart (void **state)
{
    static const struct {
        const char *base, *name;
        gboolean is_copy, keep;
    } names[] = {
        { ".npmrc", ".npmrc~", TRUE, FALSE },
        { ".npmrc", ".npmrc.~1~", TRUE, FALSE },
        { ".npmrc", ".npmrc.bak", TRUE, FALSE },
        { ".npmrc", ".npmrc-OLD", TRUE, FALSE },
        { ".npmrc", ".npmrc.2023-01-01", TRUE, FALSE },
        { ".npmrc", ".npmrc_1", TRUE, FALSE },
        { ".npmrc", ".npmrc.save.2", TRUE, FALSE },
        { ".npmrc", ".npmrc.dpkg-old", TRUE, FALSE },
        { ".npmrc", "#.npmrc#", TRUE, FALSE },
        { ".npmrc", ".npmrc.swp", TRUE, TRUE },
        { "config", ".config.swo", TRUE, TRUE },
        { "config", "config.orig", TRUE, FALSE },
        { ".npmrc", ".npmrc", FALSE, FALSE },
        { ".npmrc", ".npmrcx", FALSE, FALSE },
        { ".npmrc", "x.npmrc.bak", FALSE, FALSE },
        { ".bashrc", ".bashrc.d", FALSE, FALSE },
        { ".bashrc", ".bashrc.local", FALSE, FALSE },
        { ".profile", ".profile-work", FALSE, FALSE },
        { "config", "config.worktree", FALSE, FALSE },
        { ".npmrc", "#.npmrc", FALSE, FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        gboolean keep = FALSE;

        if (prc_left_is_copy (names[i].base, names[i].name, &keep) != names[i].is_copy ||
            keep != names[i].keep)
            fail_msg ("%s beside %s", names[i].name, names[i].base);
    }
}

static void
places__each__whole (void **state)
{
    gsize n = 0;
    const PrcLeftPlace *places = prc_left_places (&n);

    (void) state;
    for (gsize i = 0; i < n; i++) {
        assert_true (places[i].path[0] == '~' || places[i].path[0] == '/' ||
                     g_str_has_prefix (places[i].path, "${"));
        assert_non_null (places[i].remedy);
        assert_string_not_equal (prc_left_kind_name (places[i].kind), "");
        /* Only what is typed, or written by a program for its developers, may be taken away. */
        assert_true (places[i].keep || places[i].kind == PRC_LEFT_HISTORY ||
                     places[i].kind == PRC_LEFT_LOG);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (history__entries_with_a_password__only_they_go),
        cmocka_unit_test (history__zsh_metafied__found),
        cmocka_unit_test (credentials__lines_of_urls__only_ours_renewed),
        cmocka_unit_test (copy__names__told_apart),
        cmocka_unit_test (places__each__whole),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
