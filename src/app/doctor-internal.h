/* doctor-internal.h - what the rules of the doctor share; a rule is one function and one row in
 * doctor.c
 */
#pragma once
#include "app/credentials.h"
#include "app/doctor.h"
#include "app/inspect.h"
#include "app/profiles.h"
#include "catalogue/discover.h"

/** PrcDoctor: all that is known when the rules begin. */
typedef struct {
    PrcSession *session;
    const PrcDoctorRequest *request;
    PrcProfiles *profiles;
    const PrcProfile *profile; /* (nullable): the active one; may be `direct` */
    PrcStatus *status;         /* (nullable): it could not be made: @status_error */
    GError *status_error;      /* (nullable) */
    GPtrArray *found;          /* of PrcFound, one per tool */
    PrcHeldCredential held;    /* as far as the store is open */
    PrcCheckResult *check;     /* (nullable) */
    GPtrArray *findings;
    const char *rule; /* the row that is running */
} PrcDoctor;

typedef void (*PrcDoctorRule) (PrcDoctor *doctor);

/** prc_doctor_add: @where (nullable) is copied; @remedy is (transfer full). */
void prc_doctor_add (PrcDoctor *doctor, PrcSeverity severity, const char *where, char *remedy,
                     const char *format, ...) G_GNUC_PRINTF (5, 6);

/* Remedies, each (transfer full), quoted for the shell. */

/** prc_remedy_own: `proxyrc WORDS…`, with the --home, --root or --config of this run. */
char *prc_remedy_own (const PrcDoctor *doctor, const char *word, ...) G_GNUC_NULL_TERMINATED;
/** prc_remedy_command: another program. */
char *prc_remedy_command (const char *word, ...) G_GNUC_NULL_TERMINATED;
/** prc_remedy_apply: writes the profile over what is there; without one: makes one first.
 * @is_system: as root, the system's files too */
char *prc_remedy_apply (const PrcDoctor *doctor, gboolean is_system);
/** prc_remedy_unset: takes @entry out of @file. */
char *prc_remedy_unset (const PrcDoctor *doctor, const PrcFoundFile *file, const char *key);
/** prc_remedy_edit: for what a person has to look at; @line 0: none. */
char *prc_remedy_edit (const PrcFoundFile *file, guint line);
/** prc_remedy_explain: where there is no command, the topic. */
char *prc_remedy_explain (const PrcDoctor *doctor, const char *topic);
/** prc_remedy_this_shell: for a variable of the calling shell. */
char *prc_remedy_this_shell (const PrcDoctor *doctor, const char *name);
/** prc_remedy_unset_variable, prc_remedy_set_variable, prc_remedy_copy_variable (NAME gets what
 * FROM has): in the syntax of the user's shell. */
char *prc_remedy_unset_variable (const PrcDoctor *doctor, const char *name);
char *prc_remedy_set_variable (const PrcDoctor *doctor, const char *name, const char *value);
char *prc_remedy_copy_variable (const PrcDoctor *doctor, const char *name, const char *from);

/** prc_doctor_where: (transfer full): "FILE:LINE", or "FILE" */
char *prc_doctor_where (const PrcFoundFile *file, guint line);
/** prc_doctor_find_file: (nullable) (transfer none): the file of a row of the status. */
const PrcFoundFile *prc_doctor_find_file (const PrcDoctor *doctor, const PrcSettingRow *row);

/** prc_doctor_agrees: status says `ok` of this entry: applying the profile leaves it as it is. */
gboolean prc_doctor_agrees (const PrcDoctor *doctor, const PrcReading *reading,
                            const PrcEntry *entry);

/** PrcReadingFunc: one setting that has a value and is in force, or could be. */
typedef void (*PrcReadingFunc) (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
                                const PrcEntry *entry);
/** prc_doctor_each_entry: each entry once, of all tools, whatever its key. */
void prc_doctor_each_entry (PrcDoctor *doctor, PrcReadingFunc function);
/** prc_doctor_variable: (nullable) (transfer none): of the calling shell; "" is a value. */
const char *prc_doctor_variable (const PrcDoctor *doctor, const char *name);
/** prc_doctor_login_value: (nullable) (transfer none): what the files give @name in a login shell.
 */
const char *prc_doctor_login_value (const PrcDoctor *doctor, const char *name,
                                    const PrcReading **ret_reading);

/* The rules. */
void prc_doctor_rejected_files (PrcDoctor *doctor);
void prc_doctor_no_profile (PrcDoctor *doctor);
void prc_doctor_old_passwords (PrcDoctor *doctor);
void prc_doctor_running (PrcDoctor *doctor);
void prc_doctor_live_check (PrcDoctor *doctor);
void prc_doctor_exposed (PrcDoctor *doctor);
void prc_doctor_control_characters (PrcDoctor *doctor);
void prc_doctor_invalid (PrcDoctor *doctor);
void prc_doctor_dead_keys (PrcDoctor *doctor);
void prc_doctor_differs (PrcDoctor *doctor);
void prc_doctor_this_shell (PrcDoctor *doctor);
void prc_doctor_overridden (PrcDoctor *doctor);
void prc_doctor_duplicates (PrcDoctor *doctor);
void prc_doctor_letter_case (PrcDoctor *doctor);
void prc_doctor_no_proxy_star (PrcDoctor *doctor);
void prc_doctor_no_proxy_pip (PrcDoctor *doctor);
void prc_doctor_proxy_scheme (PrcDoctor *doctor);
void prc_doctor_ca (PrcDoctor *doctor);
void prc_doctor_unverified_tls (PrcDoctor *doctor);
void prc_doctor_routes (PrcDoctor *doctor);
void prc_doctor_helpless_tools (PrcDoctor *doctor);
void prc_doctor_store (PrcDoctor *doctor);
void prc_doctor_dynamic (PrcDoctor *doctor);
void prc_doctor_remaining (PrcDoctor *doctor);
