/* explain.h - what the words and the failures mean, in plain words: the topics of `explain` */
#pragma once
#include <glib.h>

/**
 * PrcTopic: a short text for a person in trouble. All are literals, to be shown by _().
 *
 * @text is paragraphs with an empty line between, each one line however long: whoever shows it
 * breaks it. A paragraph whose lines begin with two blanks is commands, and stays as it is.
 */
typedef struct {
    const char *name;    /* what it is asked for by */
    const char *aliases; /* (nullable): other names, with blanks between */
    const char *title;   /* one line */
    const char *text;
    const char *see; /* (nullable): names of others, with blanks between */
} PrcTopic;

typedef enum {
    PRC_TOPICS_CODES,    /* what a proxy or a site answers, and why */
    PRC_TOPICS_VERDICTS, /* of a check: one for each #PrcVerdict */
    PRC_TOPICS_STATES,   /* of a setting or tool, and of a password in it */
    PRC_TOPICS_OTHERS,
    PRC_N_TOPIC_GROUPS,
} PrcTopicGroup;

/** prc_topics: (array length=ret_n) */
const PrcTopic *prc_topics (PrcTopicGroup group, gsize *ret_n);
/** prc_topic_group_title: what the topics of a group have in common. */
const char *prc_topic_group_title (PrcTopicGroup group);

/** prc_topic_find: by name or other name, in any case, with '-' or '_'. (nullable) */
const PrcTopic *prc_topic_find (const char *name);
/** prc_topic_suggest: the one that was meant, perhaps. (nullable) */
const PrcTopic *prc_topic_suggest (const char *name);

/* The texts, one table a file; for explain.c. */
extern const PrcTopic prc_topics_codes[], prc_topics_verdicts[], prc_topics_states[],
    prc_topics_others[];
extern const gsize prc_n_topics_codes, prc_n_topics_verdicts, prc_n_topics_states,
    prc_n_topics_others;
