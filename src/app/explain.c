#include "app/explain.h"

#include <string.h>

#include "base/i18n.h"

static const struct {
    const char *title;
    const PrcTopic *topics;
    const gsize *n;
} groups[PRC_N_TOPIC_GROUPS] = {
    [PRC_TOPICS_CODES] = { N_ ("What goes wrong"), prc_topics_codes, &prc_n_topics_codes },
    [PRC_TOPICS_VERDICTS] = { N_ ("What `proxyrc check` says"), prc_topics_verdicts,
                              &prc_n_topics_verdicts },
    [PRC_TOPICS_STATES] = { N_ ("What `proxyrc status` says of a setting"), prc_topics_states,
                            &prc_n_topics_states },
    [PRC_TOPICS_OTHERS] = { N_ ("How it works"), prc_topics_others, &prc_n_topics_others },
};

const PrcTopic *
prc_topics (PrcTopicGroup group, gsize *ret_n)
{
    *ret_n = *groups[group].n;
    return groups[group].topics;
}

const char *
prc_topic_group_title (PrcTopicGroup group)
{
    return _ (groups[group].title);
}

static char
fold (char c)
{
    return c == '-' || c == ' ' ? '_' : g_ascii_tolower (c);
}

/* How many letters must be typed anew to make one of the other; a short table is enough here. */
static guint
distance (const char *a, const char *b)
{
    gsize width = strlen (b) + 1;
    g_autofree guint *row = g_new (guint, width);

    for (gsize j = 0; j < width; j++)
        row[j] = (guint) j;
    for (gsize i = 0; a[i] != '\0'; i++) {
        guint corner = row[0];

        row[0] = (guint) i + 1;
        for (gsize j = 1; j < width; j++) {
            guint above = row[j];
            guint best = corner + (fold (a[i]) == fold (b[j - 1]) ? 0 : 1);

            best = MIN (best, MIN (above, row[j - 1]) + 1);
            corner = above;
            row[j] = best;
        }
    }
    return row[width - 1];
}

/* The smallest distance to any name of @topic. */
static guint
distance_to_topic (const PrcTopic *topic, const char *name)
{
    g_auto (GStrv) aliases = g_strsplit (topic->aliases != NULL ? topic->aliases : "", " ", -1);
    guint best = distance (name, topic->name);

    for (char **alias = aliases; *alias != NULL; alias++)
        if (**alias != '\0')
            best = MIN (best, distance (name, *alias));
    return best;
}

static const PrcTopic *
find_nearest (const char *name, guint *ret_distance)
{
    const PrcTopic *nearest = NULL;

    *ret_distance = G_MAXUINT;
    for (int group = 0; group < PRC_N_TOPIC_GROUPS; group++)
        for (gsize i = 0; i < *groups[group].n; i++) {
            const PrcTopic *topic = &groups[group].topics[i];
            guint far = distance_to_topic (topic, name);

            if (far < *ret_distance) {
                *ret_distance = far;
                nearest = topic;
            }
        }
    return nearest;
}

const PrcTopic *
prc_topic_find (const char *name)
{
    guint far = 0;
    const PrcTopic *topic = find_nearest (name, &far);

    return far == 0 ? topic : NULL;
}

static const PrcTopic *
find_by_part (const char *name)
{
    g_autofree char *wanted = g_ascii_strdown (name, -1);

    for (int group = 0; group < PRC_N_TOPIC_GROUPS; group++)
        for (gsize i = 0; i < *groups[group].n; i++) {
            const PrcTopic *topic = &groups[group].topics[i];

            if (strstr (topic->name, wanted) != NULL ||
                (topic->aliases != NULL && strstr (topic->aliases, wanted) != NULL))
                return topic;
        }
    return NULL;
}

const PrcTopic *
prc_topic_suggest (const char *name)
{
    guint far = 0;
    const PrcTopic *topic = NULL;

    if (strlen (name) > 64) /* nobody has typed that */
        return NULL;
    topic = find_nearest (name, &far);
    if (far <= 1 + strlen (name) / 4)
        return topic;
    return strlen (name) >= 3 ? find_by_part (name) : NULL;
}
