"""What a person does about tags, step by step, where doing it without a question is not safe."""

from vocab_server.quality.check import Words

RETIRED = Words(
    "A tag follows its concept by itself where that was merged into one other. Where several"
    " replace it, or none does, somebody must choose: open the catalog, follow the link that"
    " says how many categories are no longer used, and choose for all its datasets at once."
    " For a single dataset open its page: under Categories the old one shows what fits"
    " instead. A theme from the publisher's own description is changed there, at the source.",
    "En tagg följer själv med sitt begrepp när det har slagits ihop med ett annat. Där flera"
    " ersätter det, eller inget, måste någon välja: öppna katalogen, följ länken som säger hur"
    " många kategorier som inte används längre, och välj för alla dess datamängder på en gång."
    " För en enda datamängd öppnar du dess sida: under Kategorier visar den gamla vad som"
    " passar i stället. Ett tema ur utgivarens egen beskrivning ändras där, vid källan.",
)
IMPLIED = Words(
    "Open the page of the dataset, signed in as somebody who publishes in its catalog. Under"
    " Categories take away the broader one, if the narrower one says all that the dataset is"
    " about; when it is about more, leave both. Nobody but who knows the data can tell which"
    " it is, so this is not done by itself. Searches for the broader concept find the dataset"
    " as before.",
    "Öppna datamängdens sida, inloggad som någon som publicerar i dess katalog. Ta bort den"
    " överordnade under Kategorier, om den underordnade säger allt som datamängden handlar om;"
    " handlar den om mer än så, låt båda vara kvar. Bara den som känner data kan avgöra vilket"
    " det är, så det görs inte av sig självt. Den som söker på det överordnade begreppet"
    " hittar datamängden som förut.",
)
