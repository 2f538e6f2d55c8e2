"""What every kind may do with every table: the one list that the access matrix holds the database to.

How to read it: tests/matrix/grid.py. A new table costs its block here and its line in tests/matrix/samples.py.
"""

from tests.matrix.grid import read

COLUMNS = {
    "identity": "email first_name last_name is_active is_first_login updated_at",
    "myself": "email first_name last_name is_first_login updated_at",
    "password": "password changed_at temporary_until wrong_tries wrong_since updated_at",
    "standing": "state public_status turn clock updated_at",
    "priority": "priority rank rank_desc priority_source priority_reasons",
    "decided": "adjudicated_by_id adjudicated_at approved_amount paid_amount patient_responsibility"
    " denial_reason_code denial_explanation current_decision_id",
    "number": "claim_number number_day number_n",
    "receipt": "received_at clean_at due_at coverage_id rule_set_id",
    "claim_sealed": "denial_explanation billing_tax_id patient_first_name patient_last_name patient_birth_date"
    " patient_address patient_phone member_id group_number insured_first_name insured_last_name insured_birth_date"
    " insured_address other_insured patient_account_number authorization_number additional_information",
    "claim_indexes": "member_bidx provider_name_bidx provider_birth_bidx payer_name_bidx payer_birth_bidx bi_key_id",
    "person_sealed": "first_name last_name birth_date address phone email",
    "held": "turn until resolved_by_id resolved_at updated_at",
    "proposal": "proposer_id state version content reviewer_id reviewed_at comment updated_at",
    "activation": "activated_by_id activated_at updated_at",
    "roster": "state content rows faults added changed ended unchanged applied_at updated_at",
    "version": "state activated_by_id activated_at replaced_id updated_at",
    "run": "state undone_by_id updated_at",
    "plan": "name line_of_business state funding is_active updated_at",
}

TABLE = """
# kind                        see                   add                change                       remove

accounts_organization
    anonymous                 -                     -                  -                            -
    login                     all                   -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin                     all                   all                all                          -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

accounts_organizationprofile
    anonymous,login           -                     -                  -                            -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin                     all                   all                all                          -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

accounts_user
    anonymous                 -                     -                  -                            -
    login                     mine+named            -                  mine(@myself)                -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin                     all                   all-robot-second_robot         all-robot(@identity)         -
    system                    all                   all                all                          -
    reader                    all                   -                  all(last_seen_at)            -

accounts_credential           # nobody but the person at the door reads or changes a hash
    anonymous                 -                     -                  -                            -
    login                     mine                  -                  mine(@password)              -
    provider,payer,auditor    -                     -                  -                            -
    admin,system              -                     all                -                            -
    reader                    all(user_id,changed_at)  -               -                            -

accounts_earlierpassword      # the hashes before
    login                     mine                  mine               -                            mine
    everyone                  -                     -                  -                            -

accounts_securitypolicy       # the platform's row, and the organization's own
    login                     X                     -                  -                            -
    admin,system              all                   all                all                          -
    reader                    all                   -                  -                            -
    everyone                  -                     -                  -                            -

accounts_session
    anonymous                 -                     -                  -                            -
    login                     mine+named            named              named(session_data,last_seen_at)  mine+named
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-session_data)    -                  -                            all
    system                    all                   -                  -                            all
    reader                    all                   -                  -                            -

accounts_throttle
    anonymous                 -                     -                  -                            -
    login                     named                 named              named                        named
    provider,payer,auditor    -                     -                  -                            -
    admin                     -                     -                  -                            -
    system                    all                   -                  -                            all

accounts_totpdevice           # the samples are not confirmed yet
    anonymous                 -                     -                  -                            -
    login                     mine                  mine+working       mine(confirmed,last_step,updated_at)  mine
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-secret)          -                  -                            -
    system                    all                   all                all                          all

accounts_backupcode
    anonymous                 -                     -                  -                            -
    login                     mine                  mine               mine(used_at,updated_at)     mine
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-code_hash)       -                  -                            -
    system                    all                   -                  -                            all

accounts_passwordreset
    anonymous                 -                     -                  -                            -
    login                     mine+named            mine               named(used_at,updated_at)    -
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-token_hash)      -                  -                            -
    system                    all                   -                  all                          all

accounts_knownbrowser
    anonymous                 -                     -                  -                            -
    login                     mine                  mine               mine(updated_at)             -
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-cookie_hash)     -                  -                            -
    system                    all                   -                  -                            all

accounts_outgoingmail         # whoever is told of something is somebody the teller sees
    anonymous                 -                     -                  -                            -
    login                     -                     mine               -                            -
    provider,payer            -                     own                -                            -
    auditor                   -                     -                  -                            -
    admin                     all(-address,words)   all                -                            -
    system                    all                   all                all                          -

accounts_alert                # answered as auditor, written by the system that reads the trail
    anonymous,login           -                     -                  -                            -
    provider,payer            -                     -                  -                            -
    auditor                   scoped                -                  scoped(state,owner_id,resolution,resolved_at,updated_at)  -
    admin                     all(-resolution)      -                  -                            -
    system                    all                   all                all                          -

accounts_alertcursor          # how far the system has read
    admin                     all                   -                  -                            -
    system                    all                   all                all                          -
    everyone                  -                     -                  -                            -

accounts_role           public  # names of roles and what they allow; PA's stands for one that ships
    anonymous                 -                     -                  -                            -
    login                     all                   -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin,system              all                   X                  X                            X
    reader                    all                   -                  -                            -

accounts_systemsetting  public  # figures and notices of the platform; rows come with migrate
    anonymous                 -                     -                  -                            -
    login,provider,payer      all                   -                  -                            -
    auditor,system            all                   -                  -                            -
    admin                     all                   -                  all(value,changed_by_id,updated_at)  -

accounts_rightgrant
    anonymous                 -                     -                  -                            -
    login                     mine                  -                  -                            -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin,system              all                   all                -                            all
    reader                    all                   -                  -                            -

accounts_keptform             # a person's own, as the three below: nobody else reads what was typed
    anonymous                 -                     -                  -                            -
    login                     mine                  mine               -                            mine
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-content)         -                  -                            -
    system                    all                   -                  all(content)                 all

accounts_usercontact
    anonymous                 -                     -                  -                            -
    login                     mine                  mine               mine(phone,address,updated_at)  -
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-phone,address)   -                  -                            -
    system                    all                   -                  all(phone,address)           -

accounts_emailchange          # named: by a link in a mail
    anonymous                 -                     -                  -                            -
    login                     mine+named            mine               mine+named(old_confirmed_at,new_confirmed_at,updated_at)  mine
    provider,payer,auditor    -                     -                  -                            -
    admin                     all(-email,old_token,new_token)  -       -                            -
    system                    all                   -                  all(email)                   all

# People, plans and the provider's own identities: one side, and admin without the encrypted columns

members_plan
    anonymous,login           -                     -                  -                            -
    provider,auditor          all                   -                  -                            -
    payer                     all                   own                own(@plan)                   -
    admin,system              all                   all                all                          -

members_patient
    anonymous,login           -                     -                  -                            -
    provider                  own                   own                own                          -
    payer,auditor             -                     -                  -                            -
    admin                     all(-@person_sealed,account_number)  -                  -                            -
    system                    all                   all                all                          -

members_patientcoverage
    anonymous,login           -                     -                  -                            -
    provider                  own                   own                own                          -
    payer,auditor             -                     -                  -                            -
    admin                     all(-member_id,group_number,insured)  -  -  -
    system                    all                   all                all                          -

members_practitioner
    anonymous,login           -                     -                  -                            -
    provider                  own                   own                own                          -
    payer,auditor             -                     -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                all                          -

members_facility
    anonymous,login           -                     -                  -                            -
    provider                  own                   own                own                          -
    payer,auditor             -                     -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                all                          -

members_billingprovider
    anonymous,login           -                     -                  -                            -
    provider                  own                   own                own                          -
    payer,auditor             -                     -                  -                            -
    admin                     all(-tax_id)          -                  -                            -
    system                    all                   all                all                          -

members_member
    anonymous,login           -                     -                  -                            -
    payer                     own                   own                own                          -
    provider,auditor          -                     -                  -                            -
    admin                     all(-@person_sealed)  -                  -                            -
    system                    all                   all                all                          -

members_coverage              # the other side asks one definer function, which counts
    anonymous,login           -                     -                  -                            -
    payer                     own                   own                own                          -
    provider,auditor          -                     -                  -                            -
    admin                     all(-member_id,group_number)  -          -                            -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

members_coverageinquiry
    admin                     all                   -                  -                            -
    reader                    all                   all                all                          -
    everyone                  -                     -                  -                            -

members_rosterupload          # from the preview to the confirmation; the job takes away what is a day old
    anonymous,login           -                     -                  -                            -
    payer                     own                   own-in_anothers_name  own(@roster)                 -
    provider,auditor          -                     -                  -                            -
    admin                     all(-content)         -                  -                            -
    system                    all                   all                all                          all

# Claims: both sides read, each side writes its part, nobody deletes

claims_claim
    anonymous,login           -                     -                  -                            -
    auditor                   scoped(id,claim_number,provider_id,payer_id,state)  -  -              -
    provider                  own                   own                own(@standing)               -
    payer                     own                   -                  own(@standing,@priority,@decided,clean_at,due_at)  -
    admin                     all(-@claim_sealed,provider_kind,payer_kind)  -              -                            -
    system                    all                   all                all(@number,@standing,@priority,@decided,@receipt,@claim_sealed,@claim_indexes)  -
    reader                    all(id,provider_id,payer_id,member_bidx,bi_key_id,@claim_sealed)  -  -  -

claims_serviceline
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   own                -                            -
    payer                     own                   -                  -                            -
    admin                     all(-authorization_number)  -            -                            -
    system                    all                   all                none(authorization_number)   -
    rekey,erase               all                   all                all(authorization_number)    -
    reader                    all(id,claim_id,authorization_number)  -  -                            -

claims_diagnosis
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   own                -                            -
    payer                     own                   -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

claims_claimsnapshot
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   own                -                            -
    payer                     own                   -                  -                            -
    admin                     all(-content)         -                  -                            -
    system                    all                   all                none(content,mac,mac_key_id) -
    rekey,erase               all                   all                all(content,mac,mac_key_id)  -

claims_claimfinding
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   own                -                            -
    payer                     own                   -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

claims_decision
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   -                  -                            -
    payer                     own                   own                -                            -
    admin                     all(-explanation)     -                  -                            -
    system                    all                   all                none(explanation)            -
    rekey,erase               all                   all                all(explanation)             -

claims_linedecision
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   -                  -                            -
    payer                     own                   own                -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

claims_adjustment
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   -                  -                            -
    payer                     own                   own                -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

claims_adjustmentremark
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   -                  -                            -
    payer                     own                   own                -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

# The payer's alone

claims_assignment
    anonymous,login,auditor   -                     -                  -                            -
    provider                  -                     -                  -                            -
    payer                     own                   own                own(adjudicator_id,assigned_by_id,until,updated_at)  own
    admin                     all                   -                  -                            -
    system                    all                   all                all                          all

claims_hold
    anonymous,login,auditor   -                     -                  -                            -
    provider                  -                     -                  -                            -
    payer                     own                   own                own(@held)                   -
    admin                     all(-note,no_timer_because)  -      -                              -
    system                    all                   all                all                          -

claims_proposal
    anonymous,login,auditor   -                     -                  -                            -
    provider                  -                     -                  -                            -
    payer                     own                   own                own(@proposal)               -
    admin                     all(-content,comment) -                  -                            -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

claims_payernote
    anonymous,login,auditor   -                     -                  -                            -
    provider                  -                     -                  -                            -
    payer                     own                   own                -                            -
    admin                     all(-body)            -                  -                            -
    system                    all                   all                none(body)                   -
    rekey,erase               all                   all                all(body)                    -

# The provider's alone

claims_providernote
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   own                -                            -
    payer                     -                     -                  -                            -
    admin                     all(-body)            -                  -                            -
    system                    all                   all                none(body)                   -
    rekey,erase               all                   all                all(body)                    -

claims_claimdraft
    anonymous,login,auditor   -                     -                  -                            -
    provider                  own                   own                own(version,content,updated_at)  own
    payer                     -                     -                  -                            -
    admin                     all(-content)         -                  -                            -
    system                    all                   all                all                          all

# Rules: the public part is every provider's to read, the internal one its payer's

claims_ruleset
    anonymous,login,auditor   -                     -                  -                            -
    provider                  all                   -                  -                            -
    payer                     own                   own                own(@activation)             -
    admin                     all                   all                all(@activation)             -
    system                    all                   all                all                          -

claims_rulesetinternal
    anonymous,login,auditor   -                     -                  -                            -
    provider                  -                     -                  -                            -
    payer                     own                   own                -                            -
    admin                     all                   all                -                            -
    system                    all                   all                all                          -
    reader                    all                   -                  -                            -

claims_authority              # never one's own; whether somebody keeps the payer's people is a trigger's question
    anonymous,login,auditor   -                     -                  -                            -
    provider                  -                     -                  -                            -
    payer                     own                   own                own(most_paid,skills,set_by_id,updated_at)  -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -
    reader                    all                   -                  -                            -

claims_glassgrant             # who opened it neither signs it off nor changes it; rights are a trigger's question
    anonymous,login           -                     -                  -                            -
    provider,payer            -                     -                  -                            -
    auditor                   scoped(-reason,note)  -                  -                            -
    admin                     all(-reason,note)     PA.YA              PB.YB(verdict,note,reviewed_by_id,reviewed_at,updated_at)  -
    system                    all                   all                none(reason,note)            -
    rekey,erase               all                   all                all(reason,note)             -
    reader                    all                   -                  -                            -

claims_recategorization       # asked for by a person, worked on by the system
    anonymous,login           -                     -                  -                            -
    provider,auditor          -                     -                  -                            -
    payer                     own                   own-in_anothers_name-running  own(@run)         -
    admin                     all                   X                  all(@run)                    -
    system                    all                   all                all                          -

claims_recategorizationitem
    anonymous,login           -                     -                  -                            -
    provider,auditor          -                     -                  -                            -
    payer                     own                   -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                all(state,entry_id,updated_at)  -

claims_daycounter             # written by claims.next_number alone
    admin                     all                   -                  -                            -
    reader                    all                   all                all                          -
    everyone                  -                     -                  -                            -

claims_statetransition  public  # which state may follow which
    anonymous,login           -                     -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin,system              all                   -                  -                            -

# The ledger: what was suggested, and what people made of it; one side's alone, never changed

intelligence_ledgerentry
    anonymous,login,auditor   -                     -                  -                            -
    provider,payer            own                   -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

intelligence_ledgeroutcome
    anonymous,login,auditor   -                     -                  -                            -
    provider,payer            own                   own-in_anothers_name  -                         -
    admin                     all(-note)            -                  -                            -
    system                    all                   all                none(note)                   -
    rekey,erase               all                   all                all(note)                    -

# Versions of rules and models, and what remote models may cost: the platform's; a payer reads its own money

intelligence_modelversion
    anonymous,login,provider  -                     -                  -                            -
    payer,auditor,system      all                   -                  -                            -
    admin                     all                   all-first-in_anothers_name-active  all(@version)  -

intelligence_remotebudget
    anonymous,login,provider,auditor  -             -                  -                            -
    payer                     own                   -                  -                            -
    admin                     all                   all                all(daily,monthly,updated_at)  -
    system                    all                   -                  all(updated_at)              -

intelligence_remotespending
    anonymous,login,provider,auditor  -             -                  -                            -
    payer                     own                   -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                all                          -

intelligence_remotecircuit
    anonymous,login,provider,payer,auditor  -       -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                all                          -

# Notices: the system writes, the organization reads, a reader leaves a mark

engagement_notice
    anonymous,login,auditor   -                     -                  -                            -
    provider,payer            own                   -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

engagement_noticereading
    anonymous,login,auditor   -                     -                  -                            -
    provider,payer            own                   own                -                            -
    admin                     all                   -                  -                            -
    system                    all                   -                  -                            -

# The trail: nobody writes but its functions and, seals, the sealer

audit.event
    anonymous                 -                     -                  -                            -
    login                     mine                  -                  -                            -
    provider,payer            own                   -                  -                            -
    auditor                   scoped                -                  -                            -
    admin,system              all                   -                  -                            -
    seal,verify               all                   -                  -                            -

audit.access
    anonymous,login           -                     -                  -                            -
    provider,payer            -                     -                  -                            -
    auditor                   scoped                -                  -                            -
    admin                     all                   -                  -                            -
    system                    none                  -                  -                            -
    seal,verify               all                   -                  -                            -

audit.chain_head
    anonymous,login           -                     -                  -                            -
    provider,payer            -                     -                  -                            -
    auditor,admin             -                     -                  -                            -
    system                    none                  -                  -                            -
    seal,verify               all                   -                  -                            -

audit.checkpoint
    anonymous,login           -                     -                  -                            -
    provider,payer            -                     -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    none                  none               -                            -
    seal                      all                   all                -                            -
    verify                    all                   none               -                            -

audit.vocabulary
    everyone                  -                     -                  -                            -

# Public lists of codes: everybody reads, at the door nobody needs them, the system loads

codes_adjustmentreason  public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_coderelease       public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_icd10code         public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_icd10section      public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_icd10word         public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_modifier          public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_placeofservice    public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_procedure         public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_reasoncombination public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

codes_remarkcode        public
    login                     -                     -                  -                            -
    anonymous                 all                   -                  -                            -
    provider,payer            all                   -                  -                            -
    auditor,admin             all                   -                  -                            -
    system                    all                   all                all                          all

# The kernel's own and the packages' tables: no health data, no tenant

ctx.key                 open
    everyone                  -                     -                  -                            -

kernel_backuprun
    anonymous,login           -                     -                  -                            -
    provider,payer,auditor    -                     -                  -                            -
    admin                     all                   -                  -                            -
    system                    all                   all                -                            -

jobs.allowed            open
    everyone                  -                     -                  -                            -

procrastinate_jobs      open  # arguments are ids only
    admin,system              all                   -                  -                            -
    everyone                  -                     -                  -                            -

procrastinate_events    open
    admin,system              all                   -                  -                            -
    everyone                  -                     -                  -                            -

procrastinate_workers   open
    admin,system              all                   -                  -                            -
    everyone                  -                     -                  -                            -

procrastinate_periodic_defers  open
    everyone                  -                     -                  -                            -

django_migrations       open
    system                    all                   -                  -                            -
    everyone                  -                     -                  -                            -

django_content_type     open
    anonymous,login           -                     -                  -                            -
    provider,payer,auditor    all                   -                  -                            -
    admin,system              all                   -                  -                            -

auth_permission         open
    everyone                  -                     -                  -                            -

auth_group              open
    everyone                  -                     -                  -                            -

auth_group_permissions  open
    everyone                  -                     -                  -                            -

# What the administrator changed, in the administrator's own words: written once, never by others

django_admin_log
    anonymous,login           -                     -                  -                            -
    provider,payer,auditor    -                     -                  -                            -
    admin,system              all                   all                -                            -

auditlog_logentry
    anonymous,login           -                     -                  -                            -
    provider,payer,auditor    -                     -                  -                            -
    admin,system              all                   all                -                            -
"""

EXPECTED = read(TABLE, COLUMNS)
