// Is a letter.
Dear recruiter,

I could not finish the test today. May I have another day?
